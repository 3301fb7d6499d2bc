"""Whether a photo is what was asked for, and how near it is to what it should be."""

import io
from bisect import bisect_right
from itertools import accumulate

import numpy as np
from PIL import Image, JpegImagePlugin

import reference
from jobs import QUALITY

# Below what any tool has on the pictures that are made here (the worst is gifsicle,
# which enlarges in a way of its own); above what another picture has.
LEAST_DB = 18

# Frames of an animation that are looked at.
LOOKED_AT = 12

_SAMPLINGS = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}
_PRIVATE = ("exif", "icc_profile", "comment", "xmp", "photoshop")


class Judge:
    """Knows what a job should give; that is computed once."""

    def __init__(self, job):
        self.job = job
        self._truth = _animation(job) if job.animated else reference.still(job)

    def judge(self, photo, tool):
        """Its dB, of each frame that is looked at; and what is wrong with it, as a list."""
        with Image.open(io.BytesIO(photo)) as image:
            faults = self._form(image, tool)
            if faults:
                return [], faults
            pairs = self._frames(image) if self.job.animated else [(self._truth, image)]
            psnr = [float(self._psnr(truth, shown, tool)) for truth, shown in pairs]
        mean = np.mean(psnr)
        return psnr, [] if mean >= LEAST_DB else [f"only {mean:.1f} dB"]

    def _form(self, image, tool):
        """All but its pixels."""
        job = self.job
        size = (job.side, job.side) if tool.bars else job.picture
        found = {"format": image.format.lower(), "size": image.size}
        wanted = {"format": job.format, "size": size}
        if found == wanted:
            found |= {"private": [key for key in _PRIVATE if image.info.get(key)]}
            wanted |= {"private": []}
            if job.format == "jpeg":
                found |= {
                    "sampling": JpegImagePlugin.get_sampling(image),
                    "tables": list(image.quantization[0]),
                }
                wanted |= {"sampling": _SAMPLINGS[tool.sampling], "tables": _tables()}
            if job.animated:
                found |= {"milliseconds": sum(_delays(image))}
                wanted |= {"milliseconds": self._truth[1]}
        return [
            f"{key}: {found[key]}, not {wanted[key]}" for key in found if found[key] != wanted[key]
        ]

    def _frames(self, image):
        """What is shown at the times that are looked at; a tool may have merged frames
        that are equal."""
        starts = [0, *accumulate(_delays(image))]
        for time, truth in self._truth[0]:
            image.seek(bisect_right(starts, time) - 1)
            yield truth, image

    def _psnr(self, truth, image, tool):
        shown = np.asarray(reference.on_black(image))
        if tool.bars:
            (left, top), (width, height) = self.job.corner, self.job.picture
            shown = shown[top : top + height, left : left + width]
        return reference.psnr(truth, shown)


def _animation(job):
    """Times and what is seen then, evenly over its frames; and how long it takes."""
    with Image.open(job.upload.path) as image:
        delays = _delays(image)
        starts = [0, *accumulate(delays)]
        chosen = sorted(set(np.linspace(0, len(delays) - 1, LOOKED_AT, dtype=int).tolist()))
        seen = []
        for index in chosen:
            image.seek(index)
            seen.append((starts[index], reference.frame(job, image)))
    return seen, sum(delays)


def _delays(image):
    """Of all frames, in milliseconds, as browsers play them: none is below 20."""
    delays = []
    for index in range(image.n_frames):
        image.seek(index)
        delay = image.info.get("duration", 0)
        delays.append(delay if delay > 10 else 100)
    return delays


def _tables():
    """The luma's quantisation as everybody means it by this quality."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", quality=QUALITY)
    return list(Image.open(file).quantization[0])
