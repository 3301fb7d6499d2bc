"""PNG files of 16 bits a sample, with all their bits.

Pillow keeps only the high byte of most of them, which is a rounding error for
ordinary pictures and a catastrophe for linear ones.
"""

import struct
import zlib

import numpy as np

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
# First column and row of each pass, then the distance to the next ones.
ADAM7 = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]


def decode(data):
    """The samples as an array of (height, width, channels)."""
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    assert depth == 16
    channels = CHANNELS[kind]
    raw = zlib.decompressobj().decompress(_idat(data))
    picture = np.zeros((height, width, channels), np.uint16)
    at = 0
    for left, top, right, down in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = picture[top::down, left::right]
        if part.size:
            at = _pass(raw, at, part)
    return picture


def _idat(data):
    at, parts = 8, []
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"IDAT":
            parts.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(parts)


def _pass(raw, at, part):
    """Fills `part` from `raw[at:]`; returns where the next pass begins."""
    height, width, channels = part.shape
    step = 2 * channels
    above = bytes(step * width)
    for y in range(height):
        kind, line = raw[at], raw[at + 1 : at + 1 + step * width]
        above = _unfilter(kind, line, above, step)
        part[y] = np.frombuffer(above, ">u2").reshape(width, channels)
        at += 1 + step * width
    return at


def _unfilter(kind, line, above, step):
    if kind == 0:
        return line
    if kind == 2:
        return (np.frombuffer(line, np.uint8) + np.frombuffer(above, np.uint8)).tobytes()
    if kind == 1:
        pixels = np.frombuffer(line, np.uint8).reshape(-1, step)
        return np.cumsum(pixels, axis=0, dtype=np.uint8).tobytes()
    # Each byte depends on the one before, which numpy has no word for.
    predict = _average if kind == 3 else _paeth
    out = bytearray(step) + line
    corner = bytes(step) + above
    for i in range(step, len(out)):
        out[i] = (out[i] + predict(out[i - step], corner[i], corner[i - step])) & 255
    return bytes(out[step:])


def _average(left, up, _):
    return (left + up) // 2


def _paeth(left, up, corner):
    to_left, to_up = abs(up - corner), abs(left - corner)
    to_corner = abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner
