"""Holds headshot's photos against Pillow's, file by file.

Every valid still of the corpus, and the first frame of every valid animation,
is prepared as PNG, and compared with the same photo made by `reference.py`:
geometry and bars exactly, pixels by their PSNR over the picture, with colours
weighted by alpha, and alpha by itself; the lower of the two counts.

Exit status 1 if a file is below `--floor` that EXPLAINED doesn't name, if one
that it names no longer is, if geometry or bars differ anywhere, if the median is
below `--median`, or if fewer than `--least` files were compared.
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
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import color
import reference

# Files that are below the floor for a reason that is not headshot's fault.
_SMOOTHED = "scans are missing: libjpeg, and so Pillow, smooths such blocks"
_TINY = "a few pixels, enlarged: how chroma is interpolated is all that there is to see"
EXPLAINED = {
    "animated/pillow__chunk_multi_actl.png": "two acTL chunks: Pillow shows the default "
    "image, we show the animation that the first one announces",
    "jpeg/valid/pillow__app13.jpg": _TINY,
    "jpeg/valid/wuffs__peacock.progressive.scan001.jpeg": _SMOOTHED,
    "jpeg/valid/zune__cde10ca77d168efcedee91bab5c0d9edf9eeb697.jpg": _SMOOTHED,
}


@dataclass
class Result:
    """One file: how near the photo is to the reference's, and why it may not be."""

    path: str
    psnr: float = math.nan
    faults: list = field(default_factory=list)
    traits: list = field(default_factory=list)
    skipped: str = ""


def main():
    args = arguments()
    if args.sheet:
        return sheet(args)
    if args.corpus is None:
        sys.exit("compare.py: HEADSHOT_CORPUS names no folder with an EXPECT.tsv")
    with tempfile.TemporaryDirectory(prefix="headshot-oracle-") as scratch:
        paths = valid_files(args.corpus)
        photos = prepare(args.headshot, [args.corpus / path for path in paths], Path(scratch))
        results = compare_all(args, paths, photos)
    if args.table:
        write_table(args.table, results)
    return report(args, results)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--headshot", type=Path, required=True, help="the program")
    parser.add_argument("--corpus", type=Path, default=os.environ.get("HEADSHOT_CORPUS"))
    parser.add_argument("--floor", type=float, default=35, help="dB of any file")
    parser.add_argument("--median", type=float, default=45, help="dB of the median file")
    parser.add_argument("--least", type=int, default=500, help="files to compare")
    parser.add_argument("--intent", choices=color.INTENTS, default="perceptual")
    parser.add_argument("--black-point", action="store_true", help="compensate for it")
    parser.add_argument(
        "--passes", choices=["vertical", "horizontal"], default="vertical", help="the first of two"
    )
    parser.add_argument("--table", type=Path, help="write path, dB and traits of all files")
    parser.add_argument(
        "--sheet", type=Path, help="write reference, ours and difference of FILES as a PNG"
    )
    parser.add_argument("files", nargs="*", type=Path, help="for --sheet")
    return parser.parse_args()


def settings_of(args):
    return reference.Settings(args.intent, args.black_point, args.passes == "vertical")


def valid_files(corpus):
    """Paths, within the corpus, of the files that ordinary decoders take."""
    with open(corpus / "EXPECT.tsv", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["path"] for row in rows if row["verdict"] == "valid"]


def prepare(headshot, files, scratch):
    """The report on each file, by one process; photos are in `scratch`.

    Names are numbers, since files of different folders may share theirs.
    """
    inputs, photos = scratch / "in", scratch / "out"
    inputs.mkdir()
    for number, file in enumerate(files):
        (inputs / str(number)).symlink_to(file.resolve())
    links = [str(inputs / str(number)) for number in range(len(files))]
    command = [headshot.resolve(), "prepare", "--format", "png", "--animation", "still", "--json"]
    done = subprocess.run(
        [*command, "--out-dir", photos, *links],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    if len(reports) != len(files):
        sys.exit(f"headshot reported {len(reports)} of {len(files)} files, exit {done.returncode}")
    by_path = {report["path"]: report for report in reports}
    return [by_path[link] for link in links]


def compare_all(args, paths, photos):
    settings = settings_of(args)
    jobs = [(args.corpus, path, photo, settings) for path, photo in zip(paths, photos)]
    with ProcessPoolExecutor() as pool:
        return list(pool.map(compare, jobs, chunksize=4))


def compare(job):
    """One file. What fails here is the reference: it is told, not raised."""
    corpus, path, photo, settings = job
    result = Result(path)
    if not photo["ok"]:
        result.skipped = f"refused: {photo['reason']}"
        return result
    try:
        theirs, where, result.traits = reference.photo((corpus / path).read_bytes(), settings)
    except color.Incomparable as error:
        result.skipped = f"no reference: {error}"
        return result
    except Exception as error:  # noqa: BLE001
        result.skipped = f"reference failed: {error!r}"
        return result
    ours = np.asarray(Image.open(photo["output"]).convert("RGBA"))
    result.faults = faults(photo, ours, where)
    if not result.faults:
        result.psnr = psnr(ours, theirs, where.box)
    return result


def faults(photo, ours, where):
    """Where the photo, or what headshot says of it, breaks the rule of the square."""
    found = []
    if (photo["side"], ours.shape[:2]) != (where.side, (where.side, where.side)):
        found.append(f"side {photo['side']}, {ours.shape[:2]} for {where.side}")
        return found
    if told_box(photo) != where.box:
        found.append(f"picture at {told_box(photo)} for {where.box}")
    bars = np.ones(ours.shape[:2], bool)
    left, top, right, bottom = where.box
    bars[top:bottom, left:right] = False
    if (ours[bars] != (0, 0, 0, 255)).any():
        found.append("bars are not black")
    return found


def told_box(photo):
    """Where headshot says that the picture lies."""
    for step in photo["steps"]:
        if step["step"] == "letterboxed":
            box = step["picture"]
            return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
    return 0, 0, photo["side"], photo["side"]


def psnr(ours, theirs, box):
    """The lower PSNR of colours, weighted by alpha, and of alpha itself."""
    left, top, right, bottom = box
    ours, theirs = (x[top:bottom, left:right].astype(np.float32) for x in (ours, theirs))
    of_alpha = np.mean((ours[..., 3] - theirs[..., 3]) ** 2, dtype=np.float64)
    ours, theirs = (x[..., :3] * (x[..., 3:] / 255) for x in (ours, theirs))
    of_colors = np.mean((ours - theirs) ** 2, dtype=np.float64)
    error = max(of_alpha, of_colors)
    return 10 * math.log10(255**2 / error) if error else math.inf


def report(args, results):
    """Prints the distribution and all that is wrong; returns the exit status."""
    compared = [result for result in results if not math.isnan(result.psnr)]
    low = [result for result in compared if result.psnr < args.floor]
    median = statistics.median(result.psnr for result in compared) if compared else 0
    print_distribution(args, compared, median)
    print_groups(args, compared)
    for result in sorted(low, key=lambda result: result.psnr):
        reason = EXPLAINED.get(result.path, "")
        print(f"{result.psnr:6.2f} dB  {result.path}  [{', '.join(result.traits)}]  {reason}")
    skipped = Counter(result.skipped for result in results if result.skipped)
    for reason, count in skipped.most_common():
        print(f"not compared: {count:4} {reason}")
    problems = list(wrong(args, results, compared, low, median))
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


def print_distribution(args, compared, median):
    values = sorted(result.psnr for result in compared)
    if not values:
        return
    low = sum(value < args.floor for value in values)
    print(f"{len(values)} photos compared, {sum(map(math.isinf, values))} of them equal to the bit")
    print(
        f"PSNR: median {median:.1f} dB, 5th percentile {values[len(values) // 20]:.1f} dB,"
        f" least {values[0]:.1f} dB; {low} below {args.floor:g} dB"
    )


def print_groups(args, compared):
    groups = defaultdict(list)
    for result in compared:
        groups[", ".join(result.traits)].append(result.psnr)
    print(f"{'files':>7} {'below':>6} {'least':>7} {'median':>7}")
    for traits, values in sorted(groups.items(), key=lambda group: min(group[1])):
        low = sum(value < args.floor for value in values)
        print(
            f"{len(values):7} {low:6} {min(values):7.1f} {statistics.median(values):7.1f}  {traits}"
        )


def wrong(args, results, compared, low, median):
    """One sentence for each thing that must not be."""
    for result in results:
        for fault in result.faults:
            yield f"{result.path}: {fault}"
        if result.skipped.startswith("reference failed"):
            yield f"{result.path}: {result.skipped}"
    below = {result.path for result in low}
    for path in sorted(below - EXPLAINED.keys()):
        yield f"{path}: below {args.floor:g} dB and not explained"
    for path in sorted(EXPLAINED.keys() - below):
        yield f"{path}: explained, but not below {args.floor:g} dB any more"
    if median < args.median:
        yield f"the median is {median:.1f} dB, below {args.median:g} dB"
    if len(compared) < args.least:
        yield f"only {len(compared)} files compared, fewer than {args.least}"


def write_table(path, results):
    lines = [
        f"{result.path}\t{result.psnr:.2f}\t{', '.join(result.traits)}\t"
        f"{'; '.join(result.faults) or result.skipped}\n"
        for result in results
    ]
    path.write_text("".join(lines))


def sheet(args):
    """Reference, ours, and their difference amplified, a row a file."""
    settings = settings_of(args)
    files = [args.corpus / file if args.corpus else file for file in args.files]
    with tempfile.TemporaryDirectory(prefix="headshot-oracle-") as scratch:
        photos = prepare(args.headshot, files, Path(scratch))
        rows = [row(file, photo, settings) for file, photo in zip(files, photos) if photo["ok"]]
    edge = rows[0].height
    page = Image.new("RGB", (rows[0].width, edge * len(rows)))
    for number, strip in enumerate(rows):
        page.paste(strip, (0, number * edge))
    page.save(args.sheet)
    return 0


def row(file, photo, settings, edge=256):
    theirs, _, _ = reference.photo(file.read_bytes(), settings)
    ours = np.asarray(Image.open(photo["output"]).convert("RGBA"))
    apart = np.abs(ours[..., :3].astype(int) - theirs[..., :3]) * 8
    pictures = [on_checks(theirs), on_checks(ours), Image.fromarray(apart.clip(0, 255).astype("u1"))]
    strip = Image.new("RGB", (edge * len(pictures), edge + 14), "white")
    for number, picture in enumerate(pictures):
        strip.paste(picture.resize((edge, edge)), (number * edge, 14))
    ImageDraw.Draw(strip).text((2, 1), f"{file.name}: reference, ours, 8 x difference", "black")
    return strip


def on_checks(pixels):
    """Transparency made visible."""
    rows, columns = np.indices(pixels.shape[:2]) // 16
    checks = np.where((rows + columns) % 2, 160, 224).astype(np.uint8)
    ground = Image.fromarray(checks).convert("RGBA")
    return Image.alpha_composite(ground, Image.fromarray(pixels)).convert("RGB")


if __name__ == "__main__":
    sys.exit(main())
