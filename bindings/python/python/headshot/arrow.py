"""Columns of pictures to columns of photos, in Arrow's memory layout, which every engine has.

A picture that is refused is a row like any other, with `ok` false and the words of
`headshot.Error`: no picture stops a job. Wants `pyarrow`: `pip install headshot[arrow]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from headshot import _native
from headshot._options import Keywords, Options, native, options_of, takes_options

if TYPE_CHECKING:
    from typing_extensions import Unpack

SCHEMA = pa.schema(
    [
        pa.field("photo", pa.large_binary()),
        pa.field("media_type", pa.string()),
        pa.field("side", pa.int32()),
        pa.field("frames", pa.int32()),
        pa.field("ok", pa.bool_(), nullable=False),
        pa.field("code", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("message", pa.string()),
        pa.field("steps", pa.list_(pa.field("item", pa.string()))),
    ]
)
"""The columns of `prepare_batch`.

`photo`, `media_type`, `side`, `frames` and `steps` (names alone) are null where `ok` is false;
`code`, `reason` and `message` are null where it is true.
"""


@takes_options
def prepare_batch(
    pictures: Any, options: Options | None = None, /, *, jobs: int = 1, **keywords: Unpack[Keywords]
) -> pa.RecordBatch:
    """Prepares pictures, and gives a row for each, in their order: see `SCHEMA`.

    `pictures` is an array of `binary`, `large_binary` or `binary_view`: pyarrow's, chunked or
    not, or one of any library that speaks Arrow's PyCapsule interface. A null counts as a file
    without bytes. `jobs` of them are in work at a time, on threads of their own; engines that
    keep their cores busy by themselves need no more than 1.

    >>> import pyarrow as pa
    >>> from pathlib import Path
    >>> from headshot.arrow import prepare_batch
    >>> pictures = pa.array([Path("portrait_900x1200.jpg").read_bytes(), b"%PDF-1.7"])
    >>> batch = prepare_batch(pictures, crop=(150, 200, 600), jobs=2)
    >>> batch["ok"].to_pylist(), batch["side"].to_pylist()
    ([True, False], [600, None])
    >>> batch["reason"].to_pylist()
    [None, 'unknown_format']

    Raises `TypeError` if they aren't bytes, and `ValueError` if an option has no such value;
    never `headshot.Error`.
    """
    read_options = native(options_of(options, keywords))
    return _native.prepare_batch(_chunks(pictures), read_options, jobs)


@takes_options
def prepare_table(
    table: pa.Table | pa.RecordBatch,
    options: Options | None = None,
    /,
    *,
    column: str,
    jobs: int = 1,
    **keywords: Unpack[Keywords],
) -> pa.Table:
    """Replaces a column of pictures by those of `prepare_batch`. The others stay.

    >>> import pyarrow as pa
    >>> from headshot.arrow import prepare_table
    >>> table = pa.table({"path": ["a.jpg"], "bytes": [b"no picture"]})
    >>> prepare_table(table, column="bytes").select(["path", "ok", "code"]).to_pylist()
    [{'path': 'a.jpg', 'ok': False, 'code': 'bad_image'}]

    Raises `KeyError` if there is no such column, and `ValueError` if another one has a name
    that a new one gets.
    """
    if column not in table.schema.names:
        raise KeyError(column)
    kept = [name for name in table.schema.names if name != column]
    for name in SCHEMA.names:
        if name in kept:
            raise ValueError(f"there is a column {name} already")
    batch = prepare_batch(table[column], options, jobs=jobs, **keywords)
    columns = [*(table[name] for name in kept), *batch.columns]
    schema = pa.schema([*(table.schema.field(name) for name in kept), *batch.schema])
    return pa.table(columns, schema=schema)


def _chunks(pictures: Any) -> list[pa.Array]:
    if isinstance(pictures, pa.Array) or hasattr(pictures, "__arrow_c_array__"):
        return [pictures]
    if not isinstance(pictures, pa.ChunkedArray):
        if not hasattr(pictures, "__arrow_c_stream__"):
            raise TypeError(f"expected an Arrow array of bytes, not {type(pictures).__name__}")
        pictures = pa.chunked_array(pictures)
    return list(pictures.chunks)
