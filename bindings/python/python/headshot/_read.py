from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, Union, cast

from headshot import _native

if TYPE_CHECKING:
    from typing_extensions import Buffer


class BinaryFile(Protocol):
    """What is open for reading in binary."""

    def read(self, size: int, /) -> bytes | None: ...


Picture = Union["Buffer", "os.PathLike[str]", "BinaryFile"]

AT_ONCE = 1 << 20


def read(picture: Picture, limit: int) -> bytes:
    """The bytes of a picture. Of a path or file, no more than `limit` are read."""
    if isinstance(picture, bytes):
        return picture
    if isinstance(picture, os.PathLike):
        with open(picture, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                _native.refuse_length(size, limit)
            return read_file(file, limit)
    try:
        view = memoryview(cast("Buffer", picture))
    except TypeError:
        if hasattr(picture, "read"):
            return read_file(cast(BinaryFile, picture), limit)
        kind = type(picture).__name__
        raise TypeError(
            "a picture is bytes or the like, a pathlib.Path, or a file that is open for reading "
            f"in binary, not {kind}"
        ) from None
    # A copy, since somebody might write to them meanwhile.
    return view.tobytes()


def read_file(file: BinaryFile, limit: int) -> bytes:
    parts = []
    left = limit + 1
    while left > 0:
        part = file.read(min(left, AT_ONCE))
        if part is None:
            raise BlockingIOError("a picture is read from files that wait for their bytes")
        if not isinstance(part, bytes):
            raise TypeError(f"a picture is read from files in binary, not of {type(part).__name__}")
        if not part:
            break
        parts.append(part)
        left -= len(part)
    if left <= 0:
        # The rest of it is never read, however long it is.
        _native.refuse_length(limit + 1, limit)
    return b"".join(parts)
