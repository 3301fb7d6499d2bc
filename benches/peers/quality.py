"""How near photos are to what they should be: headshot's and libvips', of real ones.

First each file becomes a PNG, and is held against a full decode, turned upright, and
resampled in floating point. Then it becomes a JPEG: how large is that, beside one that
libjpeg-turbo makes of the same pixels (our PNG) at the quality that gives the same PSNR?

Without FILES, the JPEGs of HEADSHOT_CORPUS are taken, of at least 3 megapixels, sRGB.
"""

import argparse
import csv
import io
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

import jobs
import reference
from jobs import Job
from table import grouped
from tools import TOOLS
from workers import Worker

LEAST_PIXELS = 3_000_000
FOLDER = "photos"  # of the corpus: what cameras took


@dataclass
class Quality:
    """Of the photos of one file."""

    name: str
    ours: float  # dB of our PNG
    theirs: float  # dB of libvips' PNG
    db: float  # of our JPEG, against our PNG
    bytes: int  # of our JPEG
    equal_quality: float  # at which libjpeg-turbo's JPEG has as many dB
    equal_bytes: float  # that this takes it

    @property
    def size(self):
        return self.bytes / self.equal_bytes


def main():
    parser = argparse.ArgumentParser(prog="run quality", description=__doc__.split("\n\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="still pictures")
    paths = parser.parse_args().files or corpus()
    with started("headshot") as ours, started("vips") as theirs:
        print("\n".join(report([judge(path, ours, theirs) for path in paths])))


def corpus():
    folder = os.environ.get("HEADSHOT_CORPUS")
    if not folder:
        sys.exit("quality.py: name FILES, or a folder of them as HEADSHOT_CORPUS")
    with open(Path(folder, "MANIFEST.tsv"), newline="", errors="replace") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Path(folder, row["path"]) for row in rows if fits(row)]


def fits(row):
    """A camera's JPEG of enough pixels, in colours that need no conversion."""
    return (
        row["path"].startswith(f"{FOLDER}/")
        and (row["format"], row["verdict"]) == ("jpeg", "valid")
        and int(row["width"]) * int(row["height"]) >= LEAST_PIXELS
        and "3 comp" in row["depth_colour"]
        and (row["icc"] == "none" or "sRGB" in row["icc"])
    )


def started(name):
    tool = next(tool for tool in TOOLS if tool.name == name)
    return Worker(tool, sorted(os.sched_getaffinity(0)))


def judge(path, ours, theirs):
    print(f"{path.name} ...", file=sys.stderr)
    upload = jobs.look(path)
    job = Job(upload, "png")
    truth = reference.still(job)
    png, jpeg = pixels(made(ours, job)), made(ours, Job(upload, "jpeg"))
    db = reference.psnr(png, pixels(jpeg))
    return Quality(
        path.stem,
        reference.psnr(truth, picture(png, job)),
        reference.psnr(truth, picture(pixels(made(theirs, job)), job)),
        db,
        len(jpeg),
        *equal(png, db),
    )


def made(worker, job):
    """The photo, as a file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "photo")
        worker.run(job, out)
        return out.read_bytes()


def pixels(photo):
    return np.asarray(reference.on_black(Image.open(io.BytesIO(photo))))


def picture(canvas, job):
    """What lies between the bars."""
    (left, top), (width, height) = job.corner, job.picture
    return canvas[top : top + height, left : left + width]


def equal(png, db):
    """The quality, and the bytes, at which libjpeg-turbo has these dB: between those of
    the two whole qualities around it."""
    image = Image.fromarray(png)

    @cache
    def encoded(quality):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, subsampling="4:2:0")
        return reference.psnr(png, pixels(file.getvalue())), len(file.getvalue())

    above = next((quality for quality in range(2, 100) if encoded(quality)[0] >= db), 100)
    (low_db, low_bytes), (high_db, high_bytes) = encoded(above - 1), encoded(above)
    part = (db - low_db) / (high_db - low_db)
    return above - 1 + part, low_bytes + part * (high_bytes - low_bytes)


def report(rows):
    yield "| | headshot, dB | libvips, dB | JPEG, dB | bytes | libjpeg-turbo's | quality | size |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in sorted(rows, key=lambda row: row.ours):
        yield (
            f"| {row.name} | {row.ours:.1f} | {row.theirs:.1f} | {row.db:.1f} "
            f"| {grouped(row.bytes)} | {grouped(round(row.equal_bytes))} "
            f"| {row.equal_quality:.1f} | {row.size:.3f} |"
        )
    for name, over in (("median", statistics.median), ("least", min), ("most", max)):
        ours, theirs, db, quality, size = (
            over(getattr(row, field) for row in rows)
            for field in ("ours", "theirs", "db", "equal_quality", "size")
        )
        yield (
            f"| **{name}** of {len(rows)} | {ours:.1f} | {theirs:.1f} | {db:.1f} | | "
            f"| {quality:.1f} | {size:.3f} |"
        )


if __name__ == "__main__":
    main()
