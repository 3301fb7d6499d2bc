import dataclasses
import inspect
from collections.abc import Callable
from typing import Any, Literal, TypedDict, TypeVar

from headshot import _native

Format = Literal["auto", "jpeg", "png", "gif"]
Effort = Literal["fast", "balanced", "smallest"]
Animation = Literal["keep", "thin", "still", "reject"]
Filter = Literal[
    "nearest", "box", "bilinear", "hamming", "catmull-rom", "mitchell", "gaussian", "lanczos3"
]

# Stated once, by the library.
_default: dict[str, Any] = _native.defaults()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """What is done to pictures. Names and values are those of the command line's options.

    Each is a keyword of `prepare` and `plan`, too. Made once, options serve many pictures, and
    can be sent to other processes. Values are read at once: a wrong one is a `ValueError`.

    crop:
        The square to take instead of the whole picture: left, top and width in pixels of the
        picture as it is seen. The origin is the top left corner.
    background:
        Colour beside a picture that isn't square, and behind transparent pixels where the photo
        can't hold them: "black", "white", "transparent" or "#rrggbb".
    format:
        Of the photo: "auto" (that of the picture; PNG for a still GIF), "jpeg", "png" or "gif".
    quality:
        Of a JPEG, from 1 to 100.
    effort:
        How long it may take to make a PNG small: "fast", "balanced" or "smallest".
    max_bytes:
        Most bytes of the photo. A longer one is made again, at a lower quality, in fewer colours
        or smaller, as much as it takes. All numbers of bytes may have a unit: "200KiB".
    animation:
        What becomes of one: "keep", "thin" (fewer frames if there are more than `max_frames`),
        "still" (the first frame) or "reject".
    no_upscale:
        Refuse a picture whose longest edge is below 512 pixels, instead of enlarging it.
    filter:
        How pixels are resampled: "nearest", "box", "bilinear", "hamming", "catmull-rom",
        "mitchell", "gaussian" or "lanczos3".
    linear_light:
        Mix pixels as light adds up, not as samples are encoded.
    dither:
        Mix colours that a GIF's palette lacks out of neighbouring pixels.
    accept_damage:
        Use what is left of a picture whose pixels are cut short or corrupt.
    threads:
        That work on one picture. The photo is the same with any number. With more than one, a
        pool of threads is started, which doesn't survive `os.fork`.
    timeout:
        Seconds after which a picture is given up, as "cancelled".
    max_file_bytes, max_edge, max_pixels, max_frames, max_animation_pixels, max_metadata,
    max_memory, max_work:
        Limits: bytes of the file, pixels of its longer edge, pixels of one frame, frames, pixels
        of all frames, bytes of metadata that must be read, bytes of memory that are worked in,
        units of work on an animation (about a nanosecond each). A picture above one of them is
        refused.

    >>> import headshot
    >>> from pathlib import Path
    >>> square = headshot.Options(crop=(150, 200, 600), format="png")
    >>> headshot.prepare(Path("portrait_900x1200.jpg"), square).media_type
    'image/png'
    >>> headshot.Options(quality=101)
    Traceback (most recent call last):
    ...
    ValueError: quality: expected a whole number from 1 to 100, not 101
    """

    crop: tuple[int, int, int] | None = _default["crop"]
    background: str = _default["background"]
    format: Format = _default["format"]
    quality: int = _default["quality"]
    effort: Effort = _default["effort"]
    max_bytes: int | str | None = _default["max_bytes"]
    animation: Animation = _default["animation"]
    no_upscale: bool = _default["no_upscale"]
    filter: Filter = _default["filter"]
    linear_light: bool = _default["linear_light"]
    dither: bool = _default["dither"]
    accept_damage: bool = _default["accept_damage"]
    threads: int = _default["threads"]
    timeout: float | None = _default["timeout"]
    max_file_bytes: int | str = _default["max_file_bytes"]
    max_edge: int = _default["max_edge"]
    max_pixels: int = _default["max_pixels"]
    max_frames: int = _default["max_frames"]
    max_animation_pixels: int = _default["max_animation_pixels"]
    max_metadata: int | str = _default["max_metadata"]
    max_memory: int | str = _default["max_memory"]
    max_work: int = _default["max_work"]

    def __post_init__(self) -> None:
        # No field: it is neither shown nor compared.
        self.__dict__["_native"] = _native.Options(**dataclasses.asdict(self))

    def __reduce__(self) -> "tuple[Callable[[dict[str, Any]], Options], tuple[dict[str, Any]]]":
        # What was read stays here, and is read again there.
        return _options_of, (dataclasses.asdict(self),)


def _options_of(keywords: dict[str, Any]) -> Options:
    return Options(**keywords)


def native(options: Options) -> _native.Options:
    """The same options as they were read."""
    read: _native.Options = options.__dict__["_native"]
    return read


class Keywords(TypedDict, total=False):
    """The fields of `Options`, for type checkers."""

    crop: tuple[int, int, int] | None
    background: str
    format: Format
    quality: int
    effort: Effort
    max_bytes: int | str | None
    animation: Animation
    no_upscale: bool
    filter: Filter
    linear_light: bool
    dither: bool
    accept_damage: bool
    threads: int
    timeout: float | None
    max_file_bytes: int | str
    max_edge: int
    max_pixels: int
    max_frames: int
    max_animation_pixels: int
    max_metadata: int | str
    max_memory: int | str
    max_work: int


DEFAULTS = Options()


def options_of(options: Options | None, keywords: Keywords) -> Options:
    """What a function was given: options, keywords, or both; then the keywords change them."""
    if options is None:
        options = DEFAULTS
    if not isinstance(options, Options):
        raise TypeError(f"expected headshot.Options, not {type(options).__name__}")
    return dataclasses.replace(options, **keywords) if keywords else options


F = TypeVar("F", bound=Callable[..., Any])


def takes_options(function: F) -> F:
    """Has `help` show all options in place of `**keywords`."""
    signature = inspect.signature(function)
    parameters = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    options = inspect.signature(Options).parameters.values()
    function.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*parameters, *options]
    )
    return function
