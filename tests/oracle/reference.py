"""The photo as it should be, made with Pillow and numpy alone.

Nothing here knows headshot's code: the same rules, written a second time.
"""

import io
import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

import color
import facts
import png16

Image.MAX_IMAGE_PIXELS = None  # headshot's limits have been passed already

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Settings:
    """How profiles are applied where viewers differ."""

    intent: str = "perceptual"
    black_point: bool = False
    # Lanczos overshoots, and 8 bits cut that off between the two passes, so their
    # order shows: 30 dB apart in small pictures with hard edges.
    vertical_first: bool = True


@dataclass
class Geometry:
    """Where a picture lies on its square."""

    side: int
    box: tuple  # left, top, right, bottom


def picture(data, settings):
    """The first frame as it is stored, RGBA in sRGB; its orientation; its traits."""
    known = facts.read(data)
    image = Image.open(io.BytesIO(data))
    if getattr(image, "default_image", False):
        image.seek(1)  # the picture for viewers that show no animation
    image.load()
    traits = _traits(known, image)
    colors, alpha = _colors(data, known, image, settings, traits)
    if known.format == "gif":
        alpha = _uncovered(alpha, known.frame)
    colors.putalpha(alpha)
    return colors, known.orientation, traits


def geometry(size):
    """The rule of the square, for the whole picture.

    The longest edge becomes the side, within 512..=1024; the other edge rounds
    half up, and an odd pixel goes to the right or to the bottom.
    """
    longest = max(size)
    side = min(max(longest, 512), 1024)
    width, height = (max((edge * side + longest // 2) // longest, 1) for edge in size)
    left, top = (side - width) // 2, (side - height) // 2
    return Geometry(side, (left, top, left + width, top + height))


def photo(data, settings):
    """The square as RGBA, where the picture lies on it, and its traits."""
    image, orientation, traits = picture(data, settings)
    lies = orientation >= 5
    where = geometry(image.size[::-1] if lies else image.size)
    left, top, right, bottom = where.box
    size = (bottom - top, right - left) if lies else (right - left, bottom - top)
    if size != image.size:
        image = _resized(image, size, settings)
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    square = Image.new("RGBA", (where.side, where.side), (0, 0, 0, 255))
    square.paste(image, (left, top))
    return np.asarray(square), where, traits


def _resized(image, size, settings):
    """Pillow goes horizontally first, and premultiplies RGBA."""
    if not settings.vertical_first:
        return image.resize(size, Image.Resampling.LANCZOS)
    transposed = image.transpose(Image.Transpose.TRANSPOSE)
    resized = transposed.resize(size[::-1], Image.Resampling.LANCZOS)
    return resized.transpose(Image.Transpose.TRANSPOSE)


def _traits(known, image):
    """What may explain a difference, the likeliest first."""
    traits = []
    source = color.source(known, image)
    if source:
        traits.append(source)
    if image.mode == "CMYK":
        traits.append("CMYK")
    if known.bit_depth == 16:
        traits.append("16 bit")
    if getattr(image, "n_frames", 1) > 1:
        traits.append("animated")
    traits.append(known.format.upper())
    return traits


def _colors(data, known, image, settings, traits):
    """RGB in sRGB, and the alpha channel."""
    samples, alpha = _samples(data, known, image)
    source = color.source(known, image) if settings.intent != "none" else ""
    if source == "ICC":
        plain = Image.fromarray(color.to_8_bits(samples / np.iinfo(samples.dtype).max))
        if image.mode == "CMYK":
            plain = image
        elif image.mode in ("1", "L", "LA", "I;16", "I"):
            plain = plain.getchannel(0)
        converted = color.from_profile(
            plain, image.info["icc_profile"], settings.intent, settings.black_point
        )
        if converted is not None:
            return converted, alpha
        traits.insert(0, "unusable")
    elif source:
        return Image.fromarray(color.from_chunks(samples, known)), alpha
    return Image.fromarray(color.to_8_bits(samples / np.iinfo(samples.dtype).max)), alpha


def _samples(data, known, image):
    """RGB in the file's own colours, 8 or 16 bits, and alpha of 8 bits."""
    apart = getattr(image, "default_image", False)
    if known.format == "png" and known.bit_depth == 16 and not apart:
        return _deep(data, known)
    key = known.chunks.get("tRNS") if image.mode in ("1", "L", "RGB") else None
    if key is not None:
        image.info.pop("transparency", None)
    rgba = np.asarray(image.convert("RGBA"))
    samples, alpha = rgba[..., :3], rgba[..., 3]
    if key is not None:
        # Pillow compares expanded samples with a key that is not. The lowest bits of a key count
        # (W3C PNG, section 11.3.1.1).
        most = 2**known.bit_depth - 1
        numbers = np.array(struct.unpack(f">{len(key) // 2}H", key)) & most
        scaled = numbers * 255 // most
        alpha = _keyed(samples, scaled)
    return samples, Image.fromarray(np.ascontiguousarray(alpha))


def _deep(data, known):
    samples = png16.decode(data)
    channels = samples.shape[2]
    alpha = np.full(samples.shape[:2], 255, np.uint8)
    if channels in (2, 4):
        alpha = color.to_8_bits(samples[..., -1] / 65535)
        samples = samples[..., :-1]
    elif "tRNS" in known.chunks:
        key = known.chunks["tRNS"]
        alpha = _keyed(samples, np.array(struct.unpack(f">{len(key) // 2}H", key)))
    if samples.shape[2] == 1:
        samples = np.repeat(samples, 3, axis=2)
    return samples, Image.fromarray(alpha)


def _keyed(samples, key):
    """Transparent where the colour is `key`, opaque elsewhere."""
    return np.where((samples == key).all(axis=2), 0, 255).astype(np.uint8)


def _uncovered(alpha, frame):
    """Pillow fills what the first frame of a GIF leaves free with a colour."""
    left, top, right, bottom = frame
    covered = np.zeros_like(np.asarray(alpha))
    covered[top:bottom, left:right] = np.asarray(alpha)[top:bottom, left:right]
    return Image.fromarray(covered)
