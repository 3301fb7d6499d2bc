"""From and to numpy and Pillow, as the README says."""

import io

import numpy as np
from PIL import Image

import headshot
from conftest import TESTDATA

PORTRAIT = TESTDATA / "good/portrait_900x1200.jpg"


def test_photo_opens_in_pillow_and_numpy():
    photo = headshot.prepare(PORTRAIT)
    image = Image.open(io.BytesIO(photo.bytes))
    assert image.size == (photo.side, photo.side)
    pixels = np.asarray(image)
    assert pixels.shape == (1024, 1024, 3)
    # Bars are black, and the picture is not.
    assert pixels[:, :100].max() < 8 < pixels[:, 300:700].mean()


def test_pixels_become_a_photo():
    pixels = np.zeros((700, 700, 3), np.uint8)
    pixels[:, 350:] = [10, 200, 30]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    photo = headshot.prepare(file.getbuffer())
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(photo.bytes))), pixels)


def test_array_of_bytes_is_a_picture():
    data = np.fromfile(PORTRAIT, np.uint8)
    assert headshot.prepare(data) == headshot.prepare(PORTRAIT)
    # Every other byte of twice as many: not in one piece.
    assert headshot.prepare(np.repeat(data, 2)[::2]) == headshot.prepare(PORTRAIT)
