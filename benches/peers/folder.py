"""A folder of photos, by whole commands: ours with one job and with two, `vipsthumbnail` in
one process, and pyvips with two workers.

    benches/peers/run folder [--rounds N] [FOLDER]

Without a FOLDER of JPEGs, 500 are made: pictures of 12 megapixels from twenty views of a
scene, each in files that differ in a comment, so that none has the content of another. All
tools are started in turn, as often as there are rounds, and read files that are in memory
already; the median counts. `vipsthumbnail` makes no squares, which spares it work.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import photo

FILES = 500
VIEWS = 20
PROGRAM = os.environ["PEERS_PROGRAM"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("folder", type=Path, nargs="?")
    typed = parser.parse_args()
    folder = typed.folder or made(Path(os.environ["PEERS_PICTURES"]) / "folder")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    size = sum(len(path.read_bytes()) for path in files)
    print(f"{len(files)} files, {size / 1e6 / len(files):.1f} MB each on average\n")

    commands = {
        "headshot, 1 job": (ours(folder, 1), {}),
        "headshot, 2 jobs": (ours(folder, 2), {}),
        "headshot, 2 jobs, report": (ours(folder, 2) + ["--report", "OUT.html"], {}),
        "pyvips, 2 workers": (pyvips(folder), {"VIPS_CONCURRENCY": "1"}),
    }
    if shutil.which("vipsthumbnail"):
        # As many threads as it likes.
        commands["vipsthumbnail"] = (vipsthumbnail(files), {})
    times = {name: [] for name in commands}
    for _ in range(typed.rounds):
        for name, (command, variables) in commands.items():
            times[name].append(seconds(command, variables, len(files)))
    medians = {name: statistics.median(each) for name, each in times.items()}
    best = medians["headshot, 2 jobs"]
    print("| | s | photos/s | ours with 2 jobs, as a part of it |\n| --- | ---: | ---: | ---: |")
    for name, median in medians.items():
        print(f"| {name} | {median:.2f} | {len(files) / median:.0f} | {best / median:.2f} |")
    spread = max(max(each) / min(each) for each in times.values())
    print(f"\nOne job to two: {medians['headshot, 1 job'] / best:.2f} times. "
          f"Slowest round to fastest, at most {spread:.2f}.")


def ours(folder, jobs):
    return [PROGRAM, "prepare", folder, "--out-dir", "OUT", "--jobs", str(jobs), "--quiet"]


def pyvips(folder):
    return [sys.executable, "-B", Path(__file__).with_name("folder_vips.py"), folder, "OUT"]


def vipsthumbnail(files):
    return ["vipsthumbnail", "--size", "1024x1024", "-o", "OUT/%s.jpg[Q=85]", *files]


def seconds(command, variables, expected):
    """How long a command takes, which has to write a photo for each file."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        out.mkdir()
        words = [str(word).replace("OUT", str(out)) for word in command]
        start = time.perf_counter()
        subprocess.run(words, check=True, env=os.environ | variables)
        taken = time.perf_counter() - start
        written = sum(1 for path in out.rglob("*.jpg"))
        if written != expected:
            sys.exit(f"{words[0]} wrote {written} of {expected} photos")
        return taken


def made(folder):
    if folder.exists():
        return folder
    scratch = folder.with_name("folder.part")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    scene = photo.taken()
    for view in range(VIEWS):
        scene = scene.transpose(view % 2)  # left and right, top and bottom
        moved = scene.rotate(0, translate=(61 * view, 37 * view))
        first = scratch / "view.jpg"
        moved.save(first, quality=92, subsampling="4:2:0")
        start, rest = first.read_bytes()[:2], first.read_bytes()[2:]
        for copy in range(FILES // VIEWS):
            comment = f"{view} {copy}".encode()
            segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
            (scratch / f"{view:02}_{copy:02}.jpg").write_bytes(start + segment + rest)
        first.unlink()
    scratch.rename(folder)
    return folder


if __name__ == "__main__":
    main()
