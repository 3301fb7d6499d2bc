"""libvips, through pyvips: `thumbnail`, which shrinks while it decodes."""

import pyvips

from serve import serve

pyvips.cache_set_max(0)  # else the second run would find the first one's work

BLACK = [0, 0, 0]


def prepare(upload, job):
    if job.animated:
        return save(animation(upload, job), job)
    picture = cut(upload, job) if job.crop else whole(upload, job)
    return save(centred(picture, job), job)


def whole(upload, job, **more):
    """Turned, and in sRGB if it wasn't; that is libvips' advice for thumbnails."""
    width, height = job.picture
    profile = {"export_profile": "srgb"} if job.to_srgb else {}
    return pyvips.Image.thumbnail_buffer(
        upload, width, height=height, size="force", **profile, **more
    )


def cut(upload, job):
    """Read row by row where the picture is stored upright, so that rows below the
    square aren't decoded."""
    image = pyvips.Image.new_from_buffer(upload, "", access="sequential")
    if "orientation" in image.get_fields() and image.get("orientation") > 1:
        image = pyvips.Image.new_from_buffer(upload, "").autorot()
    left, top, edge = job.crop
    square = image.crop(left, top, edge, edge)
    if job.to_srgb:
        square = square.icc_transform("srgb", embedded=True)
    return square if edge == job.side else square.thumbnail_image(job.side)


def animation(upload, job):
    """Frames come as one tall picture, and each needs bars of its own."""
    tall = whole(upload, job, option_string="n=-1")
    frames = [centred(frame, job) for frame in tall.pagesplit()]
    joined = pyvips.Image.arrayjoin(frames, across=1).copy()
    for field in ("delay", "loop"):
        if field in tall.get_fields():
            joined.set_type(tall.get_typeof(field), field, tall.get(field))
    joined.set_type(pyvips.GValue.gint_type, "page-height", job.side)
    return joined


def centred(picture, job):
    background = BLACK + [255] if picture.hasalpha() else BLACK
    return picture.gravity("centre", job.side, job.side, extend="background", background=background)


def save(photo, job):
    match job.format:
        case "jpeg":
            return photo.jpegsave_buffer(Q=job.quality, subsample_mode="on", keep="none")
        case "png":
            return photo.pngsave_buffer(keep="none")
        case "gif":
            # Delays and the loop count are metadata, too, in libvips.
            return photo.gifsave_buffer()


version = ".".join(str(pyvips.version(part)) for part in range(3))
serve({"libvips": version, "pyvips": pyvips.__version__}, prepare)
