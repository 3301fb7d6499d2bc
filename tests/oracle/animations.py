"""Holds the frames of animations against Pillow's and FFmpeg's, one by one.

Composition: each frame that headshot decodes has to be that of Pillow to the bit,
where it shows anything; FFmpeg is asked where Pillow says otherwise. Photos: the
GIF that headshot makes of a file has to be near these frames, resampled in floating
point, premultiplied; where headshot says that indices were kept, to the bit, or but
for the one colour that may have given way to that of the bars.

Exit status 1 if a file differs from both that EXPLAINED doesn't name, if one that it
names no longer does, if a photo is below `--floor`, or if fewer than `--least`
animations were compared. The floor is not for pictures of a few pixels: Lanczos
overshoots, 8 bits cut that off between two passes, and there is nothing else to see.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageSequence

Image.MAX_IMAGE_PIXELS = None  # headshot's limits are what counts

# Files of which frames differ from both, for a reason that is not headshot's fault.
_UNCOVERED = "where nothing was drawn, or was cleared away, both show the background colour, "
_UNCOVERED += "and we show nothing, as browsers do"
_OVER = "half transparent pixels over others: Pillow doesn't mix them as PNG says, "
_OVER += "FFmpeg rounds otherwise"
EXPLAINED = {
    "animated/apng4android__apng_detail_guide.png": _OVER + " (white over white is black in 4 pixels)",
    "animated/apngkit__over_none.apng": _OVER,
    "animated/image-rs__border_touching_layers.gif": _UNCOVERED,
    "animated/image-rs__issue_1455_undersized.gif": _UNCOVERED,
    "animated/pillow__dispose_bgnd_rgba.gif": _UNCOVERED,
    "animated/pillow__mode_16bit.png": "Pillow leaves a half transparent pixel over an opaque one "
    "half transparent, FFmpeg doesn't read the file",
    "animated/pygif__images-combine.gif": _UNCOVERED,
    "animated/wuffs__background-color.gif": _UNCOVERED,
    "animated/wuffs__frame-out-of-bounds.gif": _UNCOVERED + "; Pillow's canvas grows with later "
    "frames, ours doesn't",
    "animated/wuffs__multiple-loop-counts.gif": _UNCOVERED,
    "gif/valid/ljt-seed__id_000408_src_000361_op_havoc_rep_2.gif": _UNCOVERED,
    "gif/valid/ljt-seed__id_000556_src_000475_op_arith8_pos_1281_val_+15.gif": _UNCOVERED,
}

# Photos that are far from Pillow's of the same frames, for such a reason.
FAR = {
    "animated/apngkit__023.png": "a gAMA of 45 makes all but white black, which Pillow ignores",
}

# Edges below this are tiny.
TINY = 16
# dB of a photo of which a frame lost one colour of 256.
KEPT = 50


@dataclass
class Result:
    """One animation: where its frames differ, and how near its photo is."""

    path: str
    frames: int = 0
    edge: int = 0
    pillow: list = field(default_factory=list)
    ffmpeg: list = field(default_factory=list)
    psnr: list = field(default_factory=list)
    kept: bool = False
    note: str = ""


def main():
    args = arguments()
    results = []
    with tempfile.TemporaryDirectory(prefix="headshot-oracle-") as scratch:
        for path in animations(args.corpus):
            results.append(compare(args, path, Path(scratch)))
    return report(args, results)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--headshot", type=Path, required=True, help="the program")
    parser.add_argument("--frames", type=Path, required=True, help="the example")
    parser.add_argument("--corpus", type=Path, default=os.environ.get("HEADSHOT_CORPUS"))
    parser.add_argument("--floor", type=float, default=30, help="dB of any frame of a photo")
    parser.add_argument("--least", type=int, default=50, help="animations to compare")
    parser.add_argument("--all", action="store_true", help="print each file")
    return parser.parse_args()


def animations(corpus):
    """Paths of valid files that have more than one frame."""
    with open(corpus / "EXPECT.tsv", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        paths = [row["path"] for row in rows if row["verdict"] == "valid"]
    for path in paths:
        if path.endswith(("gif", "png")):
            with Image.open(corpus / path) as image:
                if getattr(image, "n_frames", 1) > 1:
                    yield path


def compare(args, path, scratch):
    result = Result(path)
    raw = scratch / "frames.rgba"
    line = run(args.frames, args.corpus / path, raw).strip()
    if line.startswith("error"):
        result.note = line
        return result
    width, height, *delays = map(int, line.split())
    ours = np.fromfile(raw, np.uint8).reshape(-1, height, width, 4)
    result.frames, result.edge = len(ours), max(width, height)
    if result.frames == 1:
        result.note = "one frame, not an animation"
        return result
    theirs = pillow(args.corpus / path)
    result.pillow = differing(ours, theirs)
    if result.pillow:
        result.ffmpeg = differing(ours, ffmpeg(args.corpus / path))
    photo = scratch / "photo.gif"
    told = json.loads(
        run(args.headshot, "prepare", "--json", "--format", "gif", args.corpus / path, "-o", photo)
    )
    if told["ok"]:
        result.kept = any(step["step"] == "indices_kept" for step in told["steps"])
        result.psnr = list(photo_psnr(ours, pillow(photo)))
    else:
        result.note = told["message"]
    return result


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode()


def pillow(path):
    """All frames, RGBA."""
    with Image.open(path) as image:
        start = 1 if getattr(image, "default_image", False) else 0
        return [np.asarray(f.convert("RGBA")) for f in list_of(image)[start:]]


def list_of(image):
    return [frame.copy() for frame in ImageSequence.Iterator(image)]


def ffmpeg(path):
    try:
        with av.open(str(path)) as container:
            frames = container.decode(video=0)
            return [frame.to_ndarray(format="rgba") for frame in frames]
    except (av.FFmpegError, ValueError) as error:
        print(f"ffmpeg: {path.name}: {error}")
        return []


def differing(ours, theirs):
    """Numbers of the frames that look different; all, if there are not as many."""
    if len(ours) != len(theirs):
        return list(range(len(ours)))
    return [n for n, (a, b) in enumerate(zip(ours, theirs)) if not equal(a, b)]


def equal(ours, theirs):
    if ours.shape != theirs.shape:
        return False
    clear = (ours[..., 3] == 0) & (theirs[..., 3] == 0)
    return bool(((ours == theirs).all(axis=2) | clear).all())


def photo_psnr(frames, photo):
    """The PSNR of each frame of a photo, colours on black."""
    if len(frames) != len(photo):
        yield 0.0
        return
    height, width = frames[0].shape[:2]
    side = photo[0].shape[0]
    longest = max(width, height)
    scaled = [max(1, (2 * edge * side // longest + 1) // 2) for edge in (width, height)]
    left, top = (side - scaled[0]) // 2, (side - scaled[1]) // 2
    for frame, found in zip(frames, photo):
        wanted, counts = resampled(frame, scaled)
        part = found[top : top + scaled[1], left : left + scaled[0]].astype(np.float32)
        part = part[..., :3] * (part[..., 3:] / 255)
        error = np.mean(((part - wanted) * counts) ** 2, dtype=np.float64)
        yield 10 * math.log10(255**2 / error) if error else math.inf


def resampled(frame, size):
    """Colours on black; what is less than half opaque isn't there, as GIF has it.

    Says also which pixels count: all but those that are half opaque to a percent, and
    may be there or not.
    """
    alpha = frame[..., 3:].astype(np.float32)
    planes = np.concatenate([frame[..., :3] * (alpha / 255), alpha], axis=2)
    if tuple(size) != (frame.shape[1], frame.shape[0]):
        planes = [Image.fromarray(np.ascontiguousarray(p)) for p in np.moveaxis(planes, 2, 0)]
        planes = [np.asarray(p.resize(size, Image.Resampling.LANCZOS)) for p in planes]
        planes = np.clip(np.stack(planes, axis=2), 0, 255)
    alpha = planes[..., 3:]
    colors = np.clip(planes[..., :3] * (255 / np.maximum(alpha, 1)), 0, 255)
    return np.where(alpha >= 127.5, colors, 0), abs(alpha - 127.5) > 2.5


def report(args, results):
    compared = [r for r in results if r.psnr]
    equal_to_pillow = sum(not r.pillow for r in compared)
    only_ffmpeg = [r for r in compared if r.pillow and not r.ffmpeg]
    neither = [r for r in compared if r.pillow and r.ffmpeg]
    print(f"{len(compared)} animations, {sum(r.frames for r in compared)} frames:")
    print(f"  {equal_to_pillow} composed as by Pillow, {len(only_ffmpeg)} more as by FFmpeg")
    for r in only_ffmpeg + neither:
        who = "as FFmpeg, unlike Pillow" if not r.ffmpeg else "unlike both"
        print(f"  {r.path}: {len(r.pillow)} of {r.frames} frames {who}. {EXPLAINED.get(r.path, '')}")
    kept = [r for r in compared if r.kept]
    print(f"  {len(kept)} photos with all indices kept, {sum(exact(r) for r in kept)} exact")
    means = [statistics.mean(r.psnr) for r in compared if not exact(r)]
    if means:
        least = min((min(r.psnr), r.path) for r in compared)
        print(f"  {len(means)} resampled: median {statistics.median(means):.1f} dB,", end=" ")
        print(f"least frame {least[0]:.1f} dB ({least[1]})")
    for r in results:
        if r.note:
            print(f"  {r.path}: {r.note}")
        elif args.all:
            print(f"  {r.path}: {statistics.mean(r.psnr):.1f}, least {min(r.psnr):.1f} dB")
    problems = list(wrong(args, compared, neither))
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


def exact(result):
    return all(map(math.isinf, result.psnr))


def wrong(args, compared, neither):
    if len(compared) < args.least:
        yield f"only {len(compared)} animations"
    unlike = {r.path for r in neither}
    for path in sorted(unlike - EXPLAINED.keys()):
        yield f"{path} is composed otherwise"
    for path in sorted(EXPLAINED.keys() - unlike):
        yield f"{path} is explained, but composed alike"
    for r in compared:
        is_far = min(r.psnr) < args.floor and r.edge >= TINY
        if is_far and r.path not in FAR:
            yield f"{r.path}: {min(r.psnr):.1f} dB"
        if not is_far and r.path in FAR:
            yield f"{r.path} is explained, but near"
        if r.kept and min(r.psnr) < KEPT:
            yield f"{r.path}: indices kept, but {min(r.psnr):.1f} dB"


if __name__ == "__main__":
    sys.exit(main())
