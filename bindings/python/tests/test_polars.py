"""Photos in Polars."""

import polars as pl
import pytest

from engines import finish, start
from headshot.arrow import prepare_batch
from headshot.polars import SCHEMA, prepare


def test_example(uploads, tmp_path):
    photos = tmp_path / "photos.parquet"
    finish(start("on_polars.py", uploads.folder, photos))
    uploads.assert_made(photos)


@pytest.fixture(scope="module")
def frame(uploads):
    files = sorted(uploads.folder.iterdir())[:120]
    return pl.DataFrame({"name": [f.name for f in files], "bytes": [f.read_bytes() for f in files]})


@pytest.mark.parametrize("jobs", [1, 2])
def test_photos_are_those_of_the_batch(frame, jobs):
    made = frame.select(made=prepare("bytes", format="gif", jobs=jobs))
    assert made.schema == {"made": SCHEMA}
    batch = prepare_batch(frame["bytes"], format="gif")
    assert made.unnest("made").rows() == [tuple(row.values()) for row in batch.to_pylist()]


def test_lazy_frame_knows_what_comes(frame):
    some = frame.lazy().filter(pl.col("name") < "0050")
    lazy = some.select("name", made=prepare(pl.col("bytes")))
    assert lazy.collect_schema() == {"name": pl.String, "made": SCHEMA}
    streamed = lazy.collect(engine="streaming")
    assert streamed.equals(lazy.collect(engine="in-memory"))
    assert streamed.height == 50
