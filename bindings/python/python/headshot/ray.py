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
    batch_size: int | None = None,
    **keywords: Unpack[Keywords],
) -> ray.data.Dataset:
    """Replaces a column of pictures by those of `headshot.arrow.SCHEMA`. The others stay.

        import ray
        from headshot.ray import prepare

        files = ray.data.read_binary_files(
            "s3://uploads", include_paths=True, override_num_blocks=count_of_files // 100
        )
        prepare(files, format="jpeg").write_parquet("s3://photos")

    With `override_num_blocks`, and without a `batch_size`, Ray makes one task of reading,
    preparing and writing, so that no picture goes through its object store, and a task has one
    at a time. A task keeps one core busy, and nothing from picture to picture; one that is lost
    is done again elsewhere.
    """
    options = options_of(options, keywords)

    def photos(table: pa.Table) -> pa.Table:
        return prepare_table(table, options, column=column)

    return dataset.map_batches(photos, batch_format="pyarrow", batch_size=batch_size)
