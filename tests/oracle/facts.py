"""What a file's headers say about how to show it.

Pillow hides, guesses or ignores some of these facts: it takes orientations from
XMP, knows no gAMA, cHRM or cICP, and fills what a GIF's first frame leaves
uncovered with a colour. So they are read here, from the bytes.
"""

import struct
import zlib
from dataclasses import dataclass, field

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
EXIF_HEADER = b"Exif\0\0"
ORIENTATION = 0x0112
SHORT = 3
# ITU-T H.273, tables 2 and 3, without what is reserved, unspecified or shown by no browser.
CODED_PRIMARIES = {1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22}
CODED_TRANSFERS = {1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18}


@dataclass
class Facts:
    """The facts of one file; those of other formats keep their defaults."""

    format: str
    orientation: int = 1
    bit_depth: int = 8
    # PNG: the intact chunks before PLTE and IDAT, the first of each name, and tRNS.
    chunks: dict = field(default_factory=dict)
    # GIF: left, top, right, bottom of the first frame.
    frame: tuple = ()

    @property
    def code_points(self):
        """Primaries and transfer of cICP, for RGB of full range; () without them."""
        primaries, transfer, *rest = self.chunks.get("cICP", bytes(4))[:4].ljust(4, b"\0")
        known = primaries in CODED_PRIMARIES and transfer in CODED_TRANSFERS
        return (primaries, transfer) if known and rest == [0, 1] else ()


def read(data):
    """The facts of a file of any of the three formats."""
    if data.startswith(PNG_SIGNATURE):
        return _png(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"GIF8"):
        return Facts("gif", frame=_gif_frame(data))
    raise ValueError("not a JPEG, PNG or GIF file")


def _png(data):
    facts = Facts("png", bit_depth=data[24])
    at, before_palette, before_pixels, has_exif = len(PNG_SIGNATURE), True, True, False
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        is_intact = checksum == struct.pack(">I", zlib.crc32(name + body))
        before_pixels = before_pixels and name != b"IDAT"
        before_palette = before_palette and before_pixels and name != b"PLTE"
        if name == b"eXIf" and before_pixels and is_intact and not has_exif:
            has_exif = True
            facts.orientation = _orientation(body)
        elif is_intact and (before_palette or (before_pixels and name == b"tRNS")):
            facts.chunks.setdefault(name.decode("latin-1"), body)
        at += 12 + length
    return facts


def _jpeg(data):
    facts = Facts("jpeg")
    has_exif = False
    for marker, body in _segments(data):
        if marker == 0xE1 and body.startswith(EXIF_HEADER) and not has_exif:
            has_exif = True
            facts.orientation = _orientation(body[len(EXIF_HEADER) :])
    return facts


def _segments(data):
    """Markers and bodies up to the first scan."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # garbage between segments, which decoders skip
            at += 1
            continue
        marker = data[at + 1]
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xDA, 0xD9):
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length


def _orientation(tiff):
    """The tag of the first directory; 1 if there is none, or no sense in it."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(tiff[:4]))
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, directory)
        for entry in range(entries):
            tag, kind, _, value = struct.unpack_from(
                order + "HHIH", tiff, directory + 2 + 12 * entry
            )
            if tag == ORIENTATION and kind == SHORT:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _gif_frame(data):
    """The rectangle of the first image block."""
    at = 13 + _palette_bytes(data[10])
    while data[at] == 0x21:
        at = _after_sub_blocks(data, at + 2)
    left, top, width, height = struct.unpack_from("<4H", data, at + 1)
    return left, top, left + width, top + height


def _palette_bytes(flags):
    return 3 * 2 ** (1 + flags % 8) if flags & 0x80 else 0


def _after_sub_blocks(data, at):
    while data[at]:
        at += 1 + data[at]
    return at + 1
