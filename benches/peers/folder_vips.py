"""What somebody would write with pyvips: a folder of JPEGs, on two processes.

    folder_vips.py FOLDER OUT
"""

import multiprocessing
import sys
from functools import partial
from pathlib import Path

import pyvips


def prepare(out, path):
    picture = pyvips.Image.thumbnail(str(path), 1024, height=1024)
    square = picture.gravity("centre", 1024, 1024, extend="black")
    square.jpegsave(str(out / f"{path.stem}.jpg"), Q=85, keep="none")


if __name__ == "__main__":
    folder, out = map(Path, sys.argv[1:])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with multiprocessing.Pool(2) as pool:
        pool.map(partial(prepare, out), files, chunksize=4)
