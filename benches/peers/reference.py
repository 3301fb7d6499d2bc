"""The photo as it should be: decoded in full, turned, and resampled in floating point.

Pillow decodes (with libjpeg-turbo, at full size) and resamples by Lanczos, each channel
by itself in mode `F`; samples are rounded once, at the end. Alpha is laid on black.
"""

import io

import numpy as np
from PIL import Image, ImageCms, ImageOps


def still(job):
    """The picture without its bars, as rows of RGB."""
    with Image.open(job.upload.path) as image:
        image.load()
        upright = ImageOps.exif_transpose(image)
    if job.crop:
        left, top, edge = job.crop
        upright = upright.crop((left, top, left + edge, top + edge))
    if job.upload.to_srgb:
        profile = io.BytesIO(upright.info["icc_profile"])
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        upright = ImageCms.profileToProfile(
            upright, profile, ImageCms.createProfile("sRGB"), intent, outputMode="RGB"
        )
    return resampled(on_black(upright), job.picture)


def frame(job, image):
    """A frame of an animation that is open at it."""
    return resampled(on_black(image), job.picture)


def on_black(image):
    """RGB, with whatever shines through black."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    canvas = Image.new("RGBA", rgba.size, "black")
    return Image.alpha_composite(canvas, rgba).convert("RGB")


def resampled(image, size):
    if image.size == tuple(size):
        return np.asarray(image)
    channels = [
        channel.convert("F").resize(size, Image.Resampling.LANCZOS) for channel in image.split()
    ]
    floats = np.stack([np.asarray(channel) for channel in channels], axis=-1)
    return np.clip(np.rint(floats), 0, 255).astype(np.uint8)


def psnr(ours, theirs):
    """In dB; 99 is as equal as it gets."""
    error = np.mean((ours.astype(np.float32) - theirs) ** 2, dtype=np.float64)
    return min(99.0, 10 * np.log10(255**2 / error)) if error else 99.0
