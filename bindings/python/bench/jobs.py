"""One job in one engine: a folder of pictures to Parquet. A program of its own, so that no
engine disturbs another.

    python jobs.py ENGINE TOOL FEW FOLDER PHOTOS

Prints the seconds that it took, and the photos. The engine is started, and has done the job
with FEW, another folder, before time counts: enough for workers to be there, and for what
Java compiles while it runs.
"""

import os
import sys
import time
from pathlib import Path

import pyarrow as pa

ROWS = 16
# The same for Spark: Java reads the next ones while Python works on these.
ROWS_FROM_JAVA = 4
# What an engine gives to one task, so that what it costs to begin one is shared by many.
IN_TASK = 48
TASK_BYTES = 256 << 20
RESULT = pa.schema([("photo", pa.binary()), ("ok", pa.bool_())])


def by_headshot(table):
    from headshot.arrow import prepare_table

    made = prepare_table(table, column="bytes", format="jpeg").select(["photo", "ok"])
    return pa.table([made["photo"].cast(pa.binary()), made["ok"]], schema=RESULT)


def by_pyvips(table):
    """The same photo by libvips, in the way that benches/peers has found best."""
    rows = [vips_photo(picture.as_py()) for picture in table["bytes"]]
    return pa.table([[row for row in rows], [row is not None for row in rows]], schema=RESULT)


def vips_photo(upload):
    import pyvips

    pyvips.cache_set_max(0)
    try:
        # Without a word on colours, which would cost it more: the pictures are in sRGB.
        picture = pyvips.Image.thumbnail_buffer(upload, 1024, height=1024)
        square = picture.gravity("centre", 1024, 1024, extend="background", background=[0, 0, 0])
        return square.jpegsave_buffer(Q=85, subsample_mode="on", keep="none")
    except pyvips.Error:
        return None


def watched(work):
    """The same, and says in a file what the memory of this process is after each batch."""
    log = os.environ.get("BENCH_MEMORY")

    def watched_work(table):
        made = work(table)
        with open(log, "a") as file:
            print(os.getpid(), table.num_rows, anonymous(), file=file)
        return made

    return watched_work if log else work


def anonymous():
    """Memory of this process that is its own, in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


TOOLS = {"headshot": by_headshot, "pyvips": by_pyvips}


def on_polars(work):
    import polars as pl

    result = pl.Struct({"photo": pl.Binary, "ok": pl.Boolean})

    def photos(series):
        return pl.from_arrow(work(pa.table({"bytes": series.to_arrow()}))).to_struct("made")

    def job(folder, out):
        paths = sorted(map(str, Path(folder).iterdir()))
        read = pl.col("path").map_elements(lambda path: Path(path).read_bytes(), pl.Binary)
        made = read.map_batches(photos, return_dtype=result, is_elementwise=True)
        with pl.Config(streaming_chunk_size=ROWS):
            frame = pl.LazyFrame({"path": paths}).select(made=made).unnest("made")
            frame.sink_parquet(out, row_group_size=ROWS, compression="uncompressed", mkdir=True)

    return job


def on_ray(work):
    import ray

    ray.init(num_cpus=2, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False

    def job(folder, out):
        blocks = max(len(os.listdir(folder)) // IN_TASK, 1)
        files = ray.data.read_binary_files(folder, override_num_blocks=blocks)
        made = files.map_batches(work, batch_format="pyarrow", batch_size=None)
        made.write_parquet(out, compression="none")

    return job


def on_spark(work):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", False)
    builder = builder.config("spark.python.unix.domain.socket.enabled", True)
    # Half of the time goes into collecting garbage where files hardly fit.
    spark = builder.config("spark.driver.memory", "4g").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS_FROM_JAVA)
    spark.conf.set("spark.sql.files.maxPartitionBytes", TASK_BYTES)

    def photos(batches):
        for batch in batches:
            yield from work(pa.table([batch["content"]], ["bytes"])).to_batches()

    def job(folder, out):
        files = spark.read.format("binaryFile").load(folder).select("content")
        made = files.mapInArrow(photos, "photo binary, ok boolean")
        made.write.option("compression", "none").parquet(out)

    return job


ENGINES = {"polars": on_polars, "ray": on_ray, "spark": on_spark}


def main(engine, tool, few, folder, out):
    import pyarrow.parquet as pq

    # Engines keep the cores busy; libvips' threads would only be in each other's way.
    os.environ["VIPS_CONCURRENCY"] = "1"
    work = watched(TOOLS[tool])
    job = ENGINES[engine](work)
    job(few, f"{out}/few")
    start = time.perf_counter()
    job(folder, f"{out}/all")
    seconds = time.perf_counter() - start
    made = pq.read_table(f"{out}/all", columns=["ok"])["ok"].to_pylist()
    print(seconds, made.count(True))


if __name__ == "__main__":
    main(*sys.argv[1:])
