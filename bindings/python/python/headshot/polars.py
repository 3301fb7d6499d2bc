"""Photos in Polars, on one machine: an expression. Wants `pip install headshot[polars]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

from headshot._options import Keywords, Options, options_of, takes_options
from headshot.arrow import prepare_batch

if TYPE_CHECKING:
    from typing_extensions import Unpack

SCHEMA = pl.Struct(
    {
        "photo": pl.Binary,
        "media_type": pl.String,
        "side": pl.Int32,
        "frames": pl.Int32,
        "ok": pl.Boolean,
        "code": pl.String,
        "reason": pl.String,
        "message": pl.String,
        "steps": pl.List(pl.String),
    }
)
"""What becomes of a picture: see `headshot.arrow.SCHEMA`."""


@takes_options
def prepare(
    pictures: pl.Expr | str,
    options: Options | None = None,
    /,
    *,
    jobs: int = 1,
    **keywords: Unpack[Keywords],
) -> pl.Expr:
    """An expression for the photos of a column of pictures: a struct of `SCHEMA` for each.

    >>> import polars as pl
    >>> from pathlib import Path
    >>> from headshot.polars import prepare
    >>> files = {"name": ["me", "it"], "bytes": [Path("portrait_900x1200.jpg").read_bytes(), b""]}
    >>> photos = pl.DataFrame(files).select("name", made=prepare("bytes", crop=(150, 200, 600)))
    >>> photos.unnest("made").select("name", "side", "reason").rows()
    [('me', 600, None), ('it', None, 'unknown_format')]

    It works row by row, so that Polars' streaming engine may cut a column into pieces, and work
    on several at a time. An eager frame is one piece: `jobs` of its pictures are in work at a
    time.
    """
    options = options_of(options, keywords)

    def photos(series: pl.Series) -> pl.Series:
        batch = prepare_batch(series, options, jobs=jobs)
        return cast(pl.DataFrame, pl.from_arrow(batch)).to_struct(series.name)

    column = pl.col(pictures) if isinstance(pictures, str) else pictures
    return column.map_batches(photos, return_dtype=SCHEMA, is_elementwise=True)
