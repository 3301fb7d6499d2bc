import builtins
import dataclasses
from typing import TYPE_CHECKING, Any

from headshot import _native
from headshot._options import Keywords, Options, native, options_of, takes_options
from headshot._read import Picture, read

if TYPE_CHECKING:
    from typing_extensions import Unpack

Step = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Photo:
    """A photo that the service accepts.

    bytes:
        The file.
    format:
        What it is: "jpeg", "png" or "gif".
    media_type:
        The same as a media type, such as "image/jpeg".
    side:
        Its width, and its height, in pixels.
    frames:
        Its frames: 1 for a still.
    steps:
        What was done to the picture, in order: what `headshot prepare --json` prints. `step` in
        each is its name.
    """

    bytes: builtins.bytes = dataclasses.field(repr=False)
    format: str
    media_type: str
    side: int
    frames: int
    steps: tuple[Step, ...]


@dataclasses.dataclass(frozen=True)
class Rect:
    """A rectangle in pixels, with the origin at the top left."""

    x: int
    y: int
    width: int
    height: int


@dataclasses.dataclass(frozen=True)
class Plan:
    """What `prepare` would do to a picture.

    format:
        What the photo will be: "jpeg", "png" or "gif".
    media_type:
        The same as a media type.
    side:
        Width and height of the photo, in pixels.
    frames:
        Frames of the photo: 1 for a still.
    picture:
        Where the picture will lie on the square; the rest are bars.
    pass_through:
        Whether the file's compressed pixels are taken over as they are.
    keep_indices:
        Whether the frames of a GIF keep their palettes and the colours of their pixels.
    memory_bytes:
        An estimate of the memory that it takes.
    steps:
        What will be done, in order: see `Photo.steps`.
    """

    format: str
    media_type: str
    side: int
    frames: int
    picture: Rect
    pass_through: bool
    keep_indices: bool
    memory_bytes: int
    steps: tuple[Step, ...]


@takes_options
def prepare(
    picture: Picture, options: Options | None = None, /, **keywords: "Unpack[Keywords]"
) -> Photo:
    """Turns a picture into a photo that the service accepts.

    `headshot.Options` tells what each keyword means.

    >>> import headshot
    >>> from pathlib import Path
    >>> upload = Path("portrait_900x1200.jpg").read_bytes()
    >>> photo = headshot.prepare(upload, crop=(150, 200, 600), format="png")
    >>> photo.side, photo.media_type
    (600, 'image/png')
    >>> Path("photo.png").write_bytes(photo.bytes) == len(photo.bytes)
    True

    Raises `headshot.Error` if the picture is none, is broken, breaks a limit or one of the
    options, or doesn't hold the crop box; `OSError` if a file can't be read; `ValueError` if an
    option has no such value.
    """
    options = options_of(options, keywords)
    return Photo(**_result(_native.prepare, picture, options))


@takes_options
def plan(
    picture: Picture, options: Options | None = None, /, **keywords: "Unpack[Keywords]"
) -> Plan:
    """Tells what `prepare` would do to a picture, from its headers alone.

    >>> import headshot
    >>> from pathlib import Path
    >>> plan = headshot.plan(Path("portrait_900x1200.jpg"))
    >>> plan.side, plan.picture
    (1024, Rect(x=128, y=0, width=768, height=1024))

    Raises what `prepare` raises, but for what only the pixels can tell.
    """
    options = options_of(options, keywords)
    fields = _result(_native.plan, picture, options)
    fields["picture"] = Rect(**fields["picture"])
    return Plan(**fields)


def _result(function: Any, picture: Picture, options: Options) -> dict[str, Any]:
    read_options = native(options)
    data = read(picture, read_options.max_file_bytes)
    fields: dict[str, Any] = function(data, read_options)
    fields["steps"] = tuple(fields["steps"])
    return fields
