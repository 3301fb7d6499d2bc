"""Pillow: in full, or with `draft`, by which libjpeg-turbo shrinks while it decodes.

`draft` is asked for half as many pixels again as the picture will have, which is
headshot's own rule.
"""

import io
import sys

import PIL
from PIL import Image, ImageCms, ImageOps, ImageSequence, features

from serve import serve

Image.MAX_IMAGE_PIXELS = None

ORIENTATION = 0x0112
DRAFT = sys.argv[1:] == ["draft"]


def prepare(upload, job):
    image = Image.open(io.BytesIO(upload))
    if job.animated:
        return animation(image, job)
    if DRAFT and not job.crop:
        shrink(image, job)
    ImageOps.exif_transpose(image, in_place=True)
    if job.crop:
        left, top, edge = job.crop
        image = image.crop((left, top, left + edge, top + edge))
    if job.to_srgb:
        profile = io.BytesIO(image.info["icc_profile"])
        image = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    return save(centred(image.convert(mode(image)), job), job)


def shrink(image, job):
    least = [-(-3 * edge // 2) for edge in job.picture]
    if image.getexif().get(ORIENTATION, 1) >= 5:
        least.reverse()
    image.draft("RGB", least)


def animation(image, job):
    """Frame by frame; colours are chosen by Pillow as it saves."""
    frames, delays = [], []
    for frame in ImageSequence.Iterator(image):
        delays.append(frame.info.get("duration", 100))
        frames.append(centred(frame.convert(mode(frame)), job))
    more = {"loop": image.info["loop"]} if "loop" in image.info else {}
    if any(frame.mode == "RGBA" for frame in frames):
        more["disposal"] = 2  # else what was there shines through what is transparent
    photo = io.BytesIO()
    first, *others = frames
    first.save(photo, "GIF", save_all=True, append_images=others, duration=delays, **more)
    return photo.getvalue()


def mode(image):
    return "RGBA" if image.has_transparency_data else "RGB"


def centred(picture, job):
    size = tuple(job.picture)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new(picture.mode, (job.side, job.side), "black")
    canvas.paste(picture, job.corner)
    return canvas


def save(canvas, job):
    photo = io.BytesIO()
    if job.format == "jpeg":
        canvas.convert("RGB").save(photo, "JPEG", quality=job.quality, subsampling="4:2:0")
    else:
        canvas.save(photo, job.format)
    return photo.getvalue()


versions = {"Pillow": PIL.__version__, "its libjpeg-turbo": features.version("libjpeg_turbo")}
serve(versions, prepare)
