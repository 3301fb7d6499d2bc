"""Columns of pictures."""

import pyarrow as pa
import pytest

import headshot
from headshot.arrow import SCHEMA, prepare_batch, prepare_table
from conftest import pictures


@pytest.fixture(scope="module")
def files():
    return [path.read_bytes() for path in pictures("good")[::3] + pictures("bad")[::4]]


@pytest.fixture(scope="module")
def rows(files):
    return [row(data) for data in files]


def row(data, **keywords):
    """What a row says, by `prepare`."""
    try:
        photo = headshot.prepare(data, **keywords)
    except headshot.Error as error:
        words = {"ok": False, "code": error.code, "reason": error.reason, "message": str(error)}
        return dict.fromkeys(SCHEMA.names) | words
    return dict.fromkeys(SCHEMA.names) | {
        "photo": photo.bytes,
        "media_type": photo.media_type,
        "side": photo.side,
        "frames": photo.frames,
        "ok": True,
        "steps": [step["step"] for step in photo.steps],
    }


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
def test_rows_are_what_prepare_says(files, rows, kind, jobs):
    batch = prepare_batch(pa.array(files, kind), jobs=jobs)
    batch.validate(full=True)
    assert batch.schema == SCHEMA
    assert batch.to_pylist() == rows
    assert 0 < batch["ok"].true_count < len(files)


def test_options_reach_every_picture(files):
    batch = prepare_batch(pa.array(files), headshot.Options(format="gif"), max_frames=1)
    assert batch.to_pylist() == [row(data, format="gif", max_frames=1) for data in files]


def test_nulls_slices_and_chunks_keep_their_places(files, rows):
    array = pa.array([b"skipped", None, *files, b"skipped"])[1:-1]
    empty = row(b"")
    assert prepare_batch(array).to_pylist() == [empty, *rows]
    chunked = pa.chunked_array([array[:2], array[2:2], array[2:]])
    assert prepare_batch(chunked, jobs=2).to_pylist() == [empty, *rows]


@pytest.mark.parametrize("empty", [pa.array([], pa.binary()), pa.chunked_array([], pa.binary())])
def test_no_picture_is_no_row(empty):
    batch = prepare_batch(empty)
    assert (batch.num_rows, batch.schema) == (0, SCHEMA)


def test_column_without_type_is_of_nulls():
    assert prepare_batch(pa.array([None, None]))["reason"].to_pylist() == ["unknown_format"] * 2


class Foreign:
    """An array of a library that is not pyarrow."""

    def __init__(self, array):
        self.array = array

    def __arrow_c_array__(self, requested_schema=None):
        return self.array.__arrow_c_array__(requested_schema)


def test_arrays_of_other_libraries_are_taken(files, rows):
    assert prepare_batch(Foreign(pa.array(files))).to_pylist() == rows


@pytest.mark.parametrize("wrong", [pa.array(["text"]), pa.array([1]), [b"GIF89a"], b"GIF89a"])
def test_what_is_no_column_of_bytes_is_the_callers_error(wrong):
    with pytest.raises(TypeError, match="expected an (Arrow )?array of b"):
        prepare_batch(wrong)


@pytest.mark.parametrize("jobs", [0, -1])
def test_somebody_has_to_work(jobs):
    with pytest.raises((ValueError, OverflowError)):
        prepare_batch(pa.array([b""]), jobs=jobs)


def test_time_counts_for_each_picture(files):
    batch = prepare_batch(pa.array(files), timeout=0)
    assert set(batch["ok"].to_pylist()) == {False}
    assert "cancelled" in batch["code"].to_pylist()


@pytest.mark.parametrize("kind", [pa.Table, pa.RecordBatch])
def test_table_keeps_its_other_columns(files, rows, kind):
    paths = [str(number) for number in range(len(files))]
    table = kind.from_pydict({"path": paths, "bytes": files})
    prepared = prepare_table(table, column="bytes", jobs=2)
    assert prepared.column_names == ["path", *SCHEMA.names]
    assert prepared.to_pylist() == [
        {"path": path} | row for path, row in zip(paths, rows, strict=True)
    ]


def test_names_must_not_meet():
    table = pa.table({"bytes": [b""], "code": ["x"]})
    with pytest.raises(ValueError, match="a column code already"):
        prepare_table(table, column="bytes")
    with pytest.raises(KeyError):
        prepare_table(table, column="picture")
    assert prepare_table(pa.table({"photo": [b""]}), column="photo").num_rows == 1
