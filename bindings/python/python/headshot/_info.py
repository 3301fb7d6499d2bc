import dataclasses
import os
from pathlib import PurePath
from typing import Any

from headshot import _native
from headshot._options import DEFAULTS, Options, native
from headshot._read import Picture, read


@dataclasses.dataclass(frozen=True)
class Profile:
    """A colour profile that is embedded in a file.

    name:
        Such as "Display P3"; `None` if it has no name that can be read.
    bytes:
        Its length, inflated.
    """

    name: str | None
    bytes: int


@dataclasses.dataclass(frozen=True)
class Color:
    """How colours are stored.

    model:
        "gray", "rgb", "palette", "ycbcr", "cmyk" or "ycck".
    bit_depth:
        Bits of a sample, or of an index into the palette.
    alpha:
        Whether some pixel may be transparent.
    profile:
        The embedded profile, if there is one.
    """

    model: str
    bit_depth: int
    alpha: bool
    profile: Profile | None


@dataclasses.dataclass(frozen=True)
class Metadata:
    """What a file tells besides its picture.

    bytes:
        Bytes of all of it, the colour profile left out.
    exif:
        Camera data.
    gps:
        A place on earth.
    xmp:
        XMP packets.
    iptc:
        Photoshop resources, which hold captions.
    text:
        Comments and text chunks.
    other:
        Blocks of vendors, previews and the like.
    """

    bytes: int
    exif: bool
    gps: bool
    xmp: bool
    iptc: bool
    text: bool
    other: bool


@dataclasses.dataclass(frozen=True)
class Info:
    """What a file is: what `headshot inspect --json` prints.

    format:
        "jpeg", "png" or "gif", whatever the file is called.
    media_type:
        The same as a media type, such as "image/jpeg".
    width:
        In pixels, as a person sees the picture.
    height:
        In pixels, as a person sees the picture.
    frames:
        Frames of an animation, counted; 1 for a still.
    file_bytes:
        Length of the file.
    stored_width:
        In pixels, as stored.
    stored_height:
        In pixels, as stored.
    orientation:
        How the stored pixels have to be turned, as EXIF has it: 1 to 8, and 1 is upright.
    interlaced:
        Progressive JPEG, interlaced PNG or GIF.
    color:
        How colours are stored.
    animated:
        Whether there is more than one frame.
    duration_ms:
        Time that an animation takes once through, as browsers play it; 0 for a still.
    short_delays:
        Frames whose delay is 10 ms or less, and is played as 100 ms.
    loops:
        How often an animation is played; 0 is without end.
    pixels:
        Of all frames together.
    metadata:
        Personal and other data beside the picture.
    extra_images:
        Further images behind the first, such as a preview.
    gain_map:
        Whether a gain map goes with the picture.
    terminated:
        Whether the end marker is there.
    unsent_coefficients:
        Coefficients of a progressive JPEG that no scan sends to the last bit, of 64 for each
        component; 0 for a file whose scans are complete, and for all other files.
    trailing_bytes:
        Bytes after the end of the picture.
    default_image_apart:
        Whether an animated PNG has a picture that is none of its frames.
    unsupported:
        A feature that isn't handled, such as "arithmetic coding".
    """

    format: str
    media_type: str
    width: int
    height: int
    frames: int
    file_bytes: int
    stored_width: int
    stored_height: int
    orientation: int
    interlaced: bool
    color: Color
    animated: bool
    duration_ms: int
    short_delays: int
    loops: int
    pixels: int
    metadata: Metadata
    extra_images: int
    gain_map: bool
    terminated: bool
    unsent_coefficients: int
    trailing_bytes: int
    default_image_apart: bool
    unsupported: str | None


@dataclasses.dataclass(frozen=True)
class Violation:
    """A rule of the service that a file breaks as it is.

    code:
        The word that the service would answer with.
    reason:
        A finer name, which never changes.
    message:
        The same for people.
    measured:
        What was measured, where the rule is about a number.
    limit:
        What is allowed, where the rule is about a number.
    """

    code: str
    reason: str
    message: str
    measured: int | None
    limit: int | None


def inspect(picture: Picture, *, max_file_bytes: int | str = DEFAULTS.max_file_bytes) -> Info:
    """Tells what a file is, from its headers alone.

    >>> import headshot
    >>> from pathlib import Path
    >>> info = headshot.inspect(Path("portrait_900x1200.jpg"))
    >>> info.format, info.width, info.height, info.frames
    ('jpeg', 900, 1200, 1)
    >>> info.color.model, info.metadata.gps
    ('ycbcr', False)

    Of a path or an open file, no more than `max_file_bytes` are read. Raises `headshot.Error` if
    it is no picture, `OSError` if it can't be read.
    """
    limit = _options(max_file_bytes=max_file_bytes).max_file_bytes
    fields = _native.inspect(read(picture, limit))
    profile = fields["color"]["profile"]
    fields["color"]["profile"] = profile and Profile(**profile)
    fields["color"] = Color(**fields["color"])
    fields["metadata"] = Metadata(**fields["metadata"])
    return Info(**fields)


def check(
    picture: Picture,
    *,
    max_file_bytes: int | str = DEFAULTS.max_file_bytes,
    max_frames: int = DEFAULTS.max_frames,
    declared: str | None = None,
) -> list[Violation]:
    """Lists the rules of the service that a file breaks as it is. None: it can be uploaded.

    >>> import headshot
    >>> from pathlib import Path
    >>> for violation in headshot.check(Path("portrait_900x1200.jpg")):
    ...     print(violation.code, violation.reason, violation.message, sep=": ")
    too_large: edge: size of 900x1200 is above 1024x1024
    bad_image: not_square: size of 900x1200 is not square

    `declared` is what somebody calls the file: a media type, or the extension of a name. That
    of a path is taken by itself. Raises what `inspect` raises.
    """
    options = _options(max_file_bytes=max_file_bytes, max_frames=max_frames)
    if declared is None and isinstance(picture, os.PathLike):
        declared = PurePath(picture).suffix[1:] or None
    violations = _native.check(read(picture, options.max_file_bytes), options, declared)
    return [Violation(**fields) for fields in violations]


def _options(**keywords: Any) -> _native.Options:
    return native(Options(**keywords))
