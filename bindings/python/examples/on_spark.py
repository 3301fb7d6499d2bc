"""A folder of pictures to a folder of photos, by Spark.

    spark-submit on_spark.py FOLDER PHOTOS
"""

import sys

from pyspark.sql import SparkSession

from headshot.spark import prepare


def main(folder, photos):
    builder = SparkSession.builder.appName("photos")
    # Pictures go to Python and photos come back over this, not over the network.
    spark = builder.config("spark.python.unix.domain.socket.enabled", True).getOrCreate()
    # Rows that are handed to Python at a time: pictures are large, and Spark can't know. Java
    # reads the next ones while Python works on these.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 4)
    # Files of a task: with some dozens, beginning it hardly counts.
    spark.conf.set("spark.sql.files.maxPartitionBytes", 256 << 20)
    files = spark.read.format("binaryFile").load(folder).select("path", "content")
    prepare(files, format="jpeg").write.option("compression", "none").parquet(photos)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
