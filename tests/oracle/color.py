"""From the colours of a file to sRGB, as a colour-managed viewer shows them.

Profiles go through Little CMS (Pillow's ImageCms); what PNG says in chunks is
computed here. The first of cICP, iCCP, sRGB and gAMA with cHRM counts (W3C PNG,
section 4.3).
"""

import io
import struct

import numpy as np
from PIL import ImageCms

# "none" leaves all colours as they are: what differs then is not their conversion.
INTENTS = {
    "none": None,
    "relative": ImageCms.Intent.RELATIVE_COLORIMETRIC,
    "perceptual": ImageCms.Intent.PERCEPTUAL,
}
# Chromaticities as in cHRM: white, red, green, blue.
D65 = (0.3127, 0.3290)
BT709 = (D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
PRIMARIES = {  # ITU-T H.273, table 2
    1: BT709,
    9: (D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: (D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


class Incomparable(Exception):
    """There is no agreed way to show such colours on an sRGB screen."""


def source(facts, image):
    """Where the colours are defined: cICP, ICC, gAMA, or '' for sRGB."""
    if facts.code_points:
        return "cICP"
    if image.info.get("icc_profile") and facts.format != "gif":
        return "ICC"
    if "sRGB" in facts.chunks or _is_srgb(facts.chunks):
        return ""
    if _gamma(facts.chunks):
        return "gAMA"
    return ""


def _gamma(chunks):
    return struct.unpack(">I", chunks["gAMA"][:4])[0] if len(chunks.get("gAMA", b"")) >= 4 else 0


def _is_srgb(chunks):
    """Whether gAMA and cHRM are what writers of sRGB write, or gAMA alone is near to it."""
    gamma, corners = _gamma(chunks), _chrm(chunks)
    if corners is None:
        return 43182 <= gamma <= 47727
    near = all(abs(a - b) <= 0.001 for given, srgb in zip(corners, BT709) for a, b in zip(given, srgb))
    return gamma == 45455 and near


def from_profile(image, profile, intent, black_point):
    """`image` (L, RGB or CMYK) in sRGB; `None` if the profile is not for it."""
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION if black_point else 0
    try:
        return ImageCms.profileToProfile(
            image,
            io.BytesIO(profile),
            ImageCms.createProfile("sRGB"),
            renderingIntent=INTENTS[intent],
            outputMode="RGB",
            flags=flags,
        )
    except ImageCms.PyCMSError:
        return None


def from_chunks(samples, facts):
    """RGB `samples`, integers of 8 or 16 bits, in sRGB of 8 bits."""
    decode, corners = _cicp(facts.code_points) if facts.code_points else _gama(facts.chunks)
    levels = np.arange(np.iinfo(samples.dtype).max + 1) / np.iinfo(samples.dtype).max
    table = decode(levels)
    if corners is None:
        return to_8_bits(_encode(table))[samples]
    linear = table.astype(np.float32)[samples]
    return to_8_bits(_encode(linear @ _to_bt709(corners).T.astype(np.float32)))


def to_8_bits(fractions):
    """0..=1 to the nearest of 0..=255."""
    return np.floor(np.clip(fractions, 0, 1) * 255 + 0.5).astype(np.uint8)


def _gama(chunks):
    gamma = _gamma(chunks)
    return lambda v: np.power(v, 100_000 / gamma), _chrm(chunks)


def _chrm(chunks):
    """The corners of cHRM; `None` without it, and where they enclose nothing."""
    if len(chunks.get("cHRM", b"")) != 32:
        return None
    numbers = [n / 100_000 for n in struct.unpack(">8I", chunks["cHRM"])]
    corners = tuple(zip(numbers[::2], numbers[1::2]))
    if any(y == 0 or x + y > 1 for x, y in corners):
        return None
    return corners


def _cicp(code_points):
    primaries, transfer = code_points
    decode = {  # ITU-T H.273, table 3; the curves of cameras are shown like sRGB
        1: _decode_srgb,
        4: lambda v: np.power(v, 2.2),
        5: lambda v: np.power(v, 2.8),
        6: _decode_srgb,
        8: lambda v: v,
        13: _decode_srgb,
        14: _decode_srgb,
        15: _decode_srgb,
    }.get(transfer)
    if decode is None or primaries not in PRIMARIES:
        raise Incomparable(f"cICP {primaries}/{transfer}")
    return decode, PRIMARIES[primaries]


def _decode_srgb(v):
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def _encode(v):
    v = np.clip(v, 0, 1)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)


def _to_bt709(corners):
    """Linear light of `corners` to that of sRGB: white becomes white."""
    adapt = _adaptation(_xyz(corners[0]), _xyz(D65))
    return np.linalg.inv(_to_xyz(BT709)) @ adapt @ _to_xyz(corners)


def _to_xyz(corners):
    white, *primaries = corners
    columns = np.array([_xyz(corner) for corner in primaries]).T
    return columns * np.linalg.solve(columns, _xyz(white))


def _xyz(corner):
    x, y = corner
    return np.array([x / y, 1, (1 - x - y) / y])


def _adaptation(white, to):
    cones = np.diag((BRADFORD @ to) / (BRADFORD @ white))
    return np.linalg.inv(BRADFORD) @ cones @ BRADFORD
