"""Photos in Spark. Wants `pip install headshot[spark]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from headshot._options import Keywords, Options, options_of, takes_options
from headshot.arrow import SCHEMA, prepare_table

if TYPE_CHECKING:
    from typing_extensions import Unpack

# Spark's own layout for bytes, of which a batch holds up to 2 GiB.
_SCHEMA = SCHEMA.set(0, pa.field("photo", pa.binary()))


@takes_options
def prepare(
    frame: DataFrame,
    options: Options | None = None,
    /,
    *,
    column: str = "content",
    batch_size: int = 32,
    **keywords: Unpack[Keywords],
) -> DataFrame:
    """Replaces a column of pictures by those of `headshot.arrow.SCHEMA`. The others stay.

        from headshot.spark import prepare

        files = spark.read.format("binaryFile").load("s3a://uploads")
        prepare(files, format="jpeg").write.parquet("s3a://photos")

    Spark hands as many rows at a time to Python as `spark.sql.execution.arrow.maxRecordsPerBatch`
    says, 10 000 by default: with pictures, set it to some 4. Photos go back `batch_size` at a
    time at most. A task has files of `spark.sql.files.maxPartitionBytes`, 128 MiB by default, of
    which Spark counts each with 4 MiB more: with twice that, less time goes into beginning tasks.
    Rows are handed over faster with `spark.python.unix.domain.socket.enabled`. Nothing is kept
    from batch to batch, so that a task that is lost may be done again elsewhere.
    """
    options = options_of(options, keywords)

    def photos(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for start in range(0, batch.num_rows, batch_size):
                table = prepare_table(batch.slice(start, batch_size), options, column=column)
                place = table.schema.get_field_index("photo")
                short = table["photo"].cast(pa.binary())
                yield from table.set_column(place, _SCHEMA.field(0), short).to_batches()

    kept = [field for field in frame.schema if field.name != column]
    return frame.mapInArrow(photos, StructType([*kept, *from_arrow_schema(_SCHEMA)]))
