"""What counts as a picture, and how far it is read."""

import array
import io
import mmap
import os
import threading

import pytest

import headshot
from conftest import TESTDATA

PORTRAIT = TESTDATA / "good/portrait_900x1200.jpg"


class Endless(io.RawIOBase):
    """A file without end that knows how much was read."""

    def __init__(self):
        self.given = 0

    def readable(self):
        return True

    def read(self, size=-1):
        assert size > 0
        self.given += size
        return bytes(size)


@pytest.fixture(scope="module")
def photo():
    return headshot.prepare(PORTRAIT.read_bytes())


def as_mmap(data):
    with mmap.mmap(-1, len(data)) as memory:
        memory[:] = data
        return headshot.prepare(memory)


@pytest.mark.parametrize(
    "prepare",
    [
        lambda data: headshot.prepare(bytearray(data)),
        lambda data: headshot.prepare(memoryview(data)),
        lambda data: headshot.prepare(memoryview(b"x" + data)[1:]),
        lambda data: headshot.prepare(array.array("B", data)),
        lambda data: headshot.prepare(io.BytesIO(data)),
        as_mmap,
    ],
)
def test_bytes_of_any_kind_are_a_picture(prepare, photo):
    assert prepare(PORTRAIT.read_bytes()) == photo


def test_files_are_pictures(photo):
    assert headshot.prepare(PORTRAIT) == photo
    with open(PORTRAIT, "rb") as file:
        assert headshot.prepare(file) == photo
    with open(PORTRAIT, "rb", buffering=0) as file:
        assert headshot.prepare(file) == photo


def test_pipe_is_read_to_its_end(photo):
    end, other = os.pipe()

    def write():
        with open(other, "wb") as file:
            file.write(PORTRAIT.read_bytes())

    writer = threading.Thread(target=write)
    writer.start()
    with open(end, "rb", buffering=0) as file:
        assert headshot.prepare(file) == photo
    writer.join()


@pytest.mark.parametrize("wrong", [str(PORTRAIT), 7, None, io.StringIO("GIF89a")])
def test_text_is_no_picture(wrong):
    with pytest.raises(TypeError, match="a picture is "):
        headshot.prepare(wrong)


def test_missing_file_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        headshot.inspect(tmp_path / "none.jpg")


def test_stream_is_read_no_further_than_its_limit():
    endless = Endless()
    with pytest.raises(headshot.Error) as raised:
        headshot.inspect(endless, max_file_bytes=3_000_000)
    error = raised.value
    assert (error.reason, error.measured, error.limit) == ("file_bytes", 3_000_001, 3_000_000)
    assert endless.given == 3_000_001


def test_long_file_is_not_read_at_all(tmp_path):
    long = tmp_path / "long.jpg"
    with open(long, "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(headshot.Error) as raised:
        headshot.prepare(long)
    assert (raised.value.reason, raised.value.measured) == ("file_bytes", 1 << 40)


def test_path_tells_what_a_file_is_called(tmp_path):
    gif = tmp_path / "called.png"
    gif.write_bytes((TESTDATA / "good/1x1.gif").read_bytes())
    data = gif.read_bytes()

    def is_misnamed(picture, **declared):
        return "misnamed" in [broken.reason for broken in headshot.check(picture, **declared)]

    assert is_misnamed(gif) and is_misnamed(data, declared="image/png")
    assert not is_misnamed(data) and not is_misnamed(gif, declared="gif")
