"""Photos in Ray Data. Wants `pip install headshot[ray]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import ray.data

from headshot._options import Keywords, Options, options_of, takes_options
from headshot.arrow import prepare_table

if TYPE_CHECKING:
    from typing_extensions import Unpack


@takes_options
def prepare(
    dataset: ray.data.Dataset,
    options: Options | None = None,
    /,
    *,
    column: str = "bytes",
    batch_size: int = 32,
    **keywords: Unpack[Keywords],
) -> ray.data.Dataset:
    """Replaces a column of pictures by those of `headshot.arrow.SCHEMA`. The others stay.

        import ray
        from headshot.ray import prepare

        files = ray.data.read_binary_files("s3://uploads", include_paths=True)
        prepare(files, format="jpeg").write_parquet("s3://photos")

    A task has `batch_size` pictures in memory at a time, and works on one of them: what works
    on the others is Ray's to say. Nothing is kept from batch to batch, so that a task that is
    lost may be done again elsewhere.
    """
    options = options_of(options, keywords)

    def photos(table: pa.Table) -> pa.Table:
        return prepare_table(table, options, column=column)

    return dataset.map_batches(photos, batch_format="pyarrow", batch_size=batch_size)
