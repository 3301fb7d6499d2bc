"""Makes the pictures that are compared by default: the same ones everywhere.

What matters of them is that they cost a decoder what real ones cost: photo.py and
screen.py make what is on them, and here it becomes files.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import photo
import screen

FLAT = (80, 80)
BALL = 11  # radius
INKS = ["#1d3557", "#e63946", "#f1faee", "#a8dadc"]


def made(folder):
    """Paths of the pictures. They are made once, and anew if what makes them changes."""
    stamp = folder / "made-by"
    sources = "".join(Path(module.__file__).read_text() for module in (photo, screen))
    sources += Path(__file__).read_text()
    if not stamp.exists() or stamp.read_text() != sources:
        folder.mkdir(parents=True, exist_ok=True)
        make(folder)
        stamp.write_text(sources)
    return [folder / name for name in ALL]


ALL = [
    "photo-420.jpg",
    "photo-444.jpg",
    "photo-progressive.jpg",
    "photo.png",
    "pan-small.gif",
    "pan.gif",
    "pan-large.gif",
    "screen.gif",
    "flat.gif",
]


def make(folder):
    scene = photo.taken()
    scene.save(folder / "photo-420.jpg", quality=92, subsampling="4:2:0")
    scene.save(folder / "photo-444.jpg", quality=92, subsampling="4:4:4")
    scene.save(folder / "photo-progressive.jpg", quality=90, subsampling="4:2:0", progressive=True)
    scene.save(folder / "photo.png")
    animation(pan(scene, (480, 360), 20), 100, folder / "pan-small.gif")
    animation(pan(scene, (640, 480), 40), 50, folder / "pan.gif")
    animation(pan(scene, (1280, 960), 10), 100, folder / "pan-large.gif")
    animation(screen.recording(), 80, folder / "screen.gif")
    animation(flat(30), 40, folder / "flat.gif")


def animation(frames, delay, path):
    """As most tools write one: each frame has colours of its own if they are too many,
    and holds the rectangle that changed."""
    first, *others = frames
    first.save(path, save_all=True, append_images=others, duration=delay, loop=0)


def pan(scene, size, frames):
    """A camera that moves over the photo, in 256 dithered colours a frame."""
    width, height = size
    wide = scene.resize((2 * width, 2 * height), Image.Resampling.LANCZOS)
    for index in range(frames):
        left, top = width * index // frames, height * index // frames // 2
        view = wide.crop((left, top, left + width, top + height))
        yield view.quantize(256, dither=Image.Dither.FLOYDSTEINBERG)


def flat(frames):
    """A ball that bounces over stripes, in four colours."""
    width, height = FLAT
    for index in range(frames):
        phase = 2 * index / frames
        image = Image.new("P", FLAT, 0)
        image.putpalette(np.concatenate([photo.ink(color) for color in INKS]).tolist())
        draw = ImageDraw.Draw(image)
        for stripe in range(3):
            draw.rectangle((0, 54 + 9 * stripe, width, 58 + 9 * stripe), 3)
        x = width * (index + 0.5) / frames
        y = height - 2 * BALL - 50 * (1 - (1 - phase % 1 * 2) ** 2)
        draw.ellipse((x - BALL, y - BALL, x + BALL, y + BALL), 1, 2)
        yield image
