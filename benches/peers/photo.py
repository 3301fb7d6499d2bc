"""A photo that no camera took, of 12 megapixels.

A scene of things that hide each other, each with its own colour and roughness, in light
that changes from place to place, some of them written on; seen through a lens that blurs
a little, by a sensor that is noisy. The sizes of things follow a power law, as in the
dead leaves model of natural pictures, so there is as much to see at any scale; and it is
tuned until it takes as many bytes a pixel, at full size and at 1024, as photos of phones.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = (4032, 3024)
THINGS = 1000
SMALLEST, LARGEST = 60, 1500  # radius of things, in pixels
WRITTEN_ON = 250  # things of this radius and larger ones
BLUR = 1.0  # of the lens, in pixels
WORDS = "bread and milk open daily from nine until late please ring twice for fresh coffee".split()


def taken():
    """The photo, always the same one."""
    random = np.random.default_rng(1)
    colors, roughness = scene(random)
    light = 0.75 + 0.5 * noise(random, [1500, 700, 300])
    texture = noise(random, [64, 32, 16, 8, 4, 2], falloff=1.3)
    samples = np.asarray(colors.filter(ImageFilter.GaussianBlur(BLUR)), np.float32)
    rough = np.asarray(roughness.filter(ImageFilter.GaussianBlur(2 * BLUR)), np.float32)
    samples = samples * light[..., None] + (rough * texture)[..., None]
    return Image.fromarray(sensed(random, samples))


def scene(random):
    """Colours of what is seen, and how rough it is; whatever comes later hides it."""
    colors, roughness = Image.new("RGB", SIZE, (150, 160, 175)), Image.new("L", SIZE)
    draw, draw_rough = ImageDraw.Draw(colors), ImageDraw.Draw(roughness)
    # A density of r to the power of -3 between the bounds, by its inverse integral.
    chance = random.random(THINGS)
    radii = (SMALLEST**-2 - chance * (SMALLEST**-2 - LARGEST**-2)) ** -0.5
    for radius in radii:
        centre = random.random(2) * SIZE
        outline = shape(random, centre, radius)
        color = paint(random)
        draw.polygon(outline, color)
        draw_rough.polygon(outline, int(random.choice([5, 15, 40, 65])))
        if radius > WRITTEN_ON:
            write(random, draw, centre, radius, color)
    return colors, roughness


def shape(random, centre, radius):
    """Something round, or with a few corners."""
    corners = int(random.choice([4, 5, 7, 40]))
    turns = (np.arange(corners) + 0.6 * random.random(corners) * (corners < 40)) / corners
    stretch = 0.4 + 0.6 * random.random(2)
    return [
        (
            centre[0] + radius * stretch[0] * math.cos(turn),
            centre[1] + radius * stretch[1] * math.sin(turn),
        )
        for turn in 2 * math.pi * (turns + random.random())
    ]


def paint(random):
    """Mostly dull, now and then not."""
    gray = random.uniform(25, 215)
    tint = random.normal(0, random.choice([4, 8, 20]), 3)
    return tuple(int(value) for value in np.clip(gray + tint, 5, 245))


def write(random, draw, centre, radius, color):
    """A few lines, dark on light or light on dark."""
    font = ImageFont.load_default(max(radius / 7, 10))
    lines = [" ".join(random.choice(WORDS, 3)) for _ in range(4)]
    ink = "#181818" if sum(color) > 300 else "#e0e0e0"
    draw.text(tuple(centre), "\n".join(lines), ink, font, anchor="mm")


def noise(random, cells, falloff=1.0):
    """Smooth noise of several scales, each with less contrast than the one before."""
    width, height = SIZE
    total, weight = np.zeros((height, width), np.float32), 1.0
    for cell in cells:
        grid = random.standard_normal((height // cell + 2, width // cell + 2)).astype(np.float32)
        total += weight * np.asarray(Image.fromarray(grid).resize(SIZE, Image.Resampling.BICUBIC))
        weight *= falloff
    return total / total.std() * 0.25


def sensed(random, samples):
    """What a sensor makes of it: noise that grows with the light, in the luma fine and
    in the colours coarse, as a phone's noise reduction leaves it."""
    level = samples.mean(axis=2).clip(1, 255)
    grain = random.standard_normal(level.shape, np.float32) * (1.7 + 0.011 * level)
    samples = samples + grain[..., None]
    for channel in (0, 2):
        samples[..., channel] += 3 * noise(random, [4])
    return samples.clip(0, 255).astype(np.uint8)


def ink(color):
    """A colour's three samples."""
    return np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)], np.uint8)
