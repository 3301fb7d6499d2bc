"""A screen recording that nobody made: a page scrolls, a line is typed, a pointer moves.

As in real ones, few colours are in it, most of the picture stays as it was, and some
frames change nothing at all.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from photo import WORDS

SIZE = (978, 720)
FRAMES = 125
LINE = 22  # pixels from one line of text to the next
PAGE = (250, 60, 978, 600)
PROMPT = (250, 600, 978, 720)
POINTER = [(0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)]


def recording():
    """Frames in a palette that they share."""
    random = np.random.default_rng(3)
    page, typed = text(random, 120), " ".join(random.choice(WORDS, 14))
    palette = None
    for index in range(FRAMES):
        frame = window()
        frame.paste(scrolled(page, index), PAGE[:2])
        frame.paste(prompt(typed, index), PROMPT[:2])
        point(frame, index)
        palette = palette or frame.quantize(64)
        yield frame.quantize(palette=palette, dither=Image.Dither.NONE)


def window():
    """What never changes: a title, and a list at the left."""
    image = Image.new("RGB", SIZE, "#f4f5f7")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 60), "#2b3a55")
    draw.text((20, 30), "Notes", "white", ImageFont.load_default(24), anchor="lm")
    draw.rectangle((0, 60, 250, SIZE[1]), "#e3e7ef")
    for entry, word in enumerate(WORDS):
        draw.text((24, 90 + 2 * LINE * entry), word, "#33415c", ImageFont.load_default(18))
    return image


def text(random, lines):
    """The page, as high as all of its lines; every ninth is a heading."""
    width = PAGE[2] - PAGE[0]
    image = Image.new("RGB", (width, lines * LINE), "white")
    draw = ImageDraw.Draw(image)
    for line in range(lines):
        color, words = ("#b5332e", 3) if line % 9 == 0 else ("#222222", 11)
        draw.text(
            (16, line * LINE),
            " ".join(random.choice(WORDS, words)),
            color,
            ImageFont.load_default(16),
        )
    return image


def scrolled(page, index):
    """It rests, and then moves on for a while."""
    moved = min(max(index - 20, 0), 30) + min(max(index - 80, 0), 20)
    top = 40 * moved
    return page.crop((0, top, page.width, top + PAGE[3] - PAGE[1]))


def prompt(typed, index):
    image = Image.new("RGB", (PROMPT[2] - PROMPT[0], PROMPT[3] - PROMPT[1]), "#101418")
    shown = typed[: max(index - 45, 0) * 2]
    ImageDraw.Draw(image).text((16, 20), f"> {shown}_", "#7fd962", ImageFont.load_default(18))
    return image


def point(frame, index):
    """A pointer that wanders, and rests in the middle of the recording."""
    time = index if index < 50 else max(index - 30, 50)
    left, top = 500 + int(300 * np.sin(time / 9)), 350 + int(200 * np.cos(time / 7))
    outline = [(left + x, top + y) for x, y in POINTER]
    ImageDraw.Draw(frame).polygon(outline, "black", "white")
