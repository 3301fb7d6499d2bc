"""A folder of pictures to a file of photos, by Polars on one machine.

    python on_polars.py FOLDER PHOTOS.parquet
"""

import sys
from pathlib import Path

import polars as pl

from headshot.polars import prepare

# Rows that are in work at a time: pictures are large, and Polars can't know.
ROWS = 32


def main(folder, photos):
    paths = sorted(str(path) for path in Path(folder).iterdir())
    files = pl.LazyFrame({"path": paths}).with_columns(
        bytes=pl.col("path").map_elements(lambda path: Path(path).read_bytes(), pl.Binary)
    )
    made = files.select("path", photo=prepare("bytes", format="jpeg")).unnest("photo")
    with pl.Config(streaming_chunk_size=ROWS):
        made.sink_parquet(photos, row_group_size=ROWS, compression="uncompressed")


if __name__ == "__main__":
    main(*sys.argv[1:])
