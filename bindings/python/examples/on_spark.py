"""A folder of pictures to a folder of photos, by Spark.

    spark-submit on_spark.py FOLDER PHOTOS
"""

import sys

from pyspark.sql import SparkSession

from headshot.spark import prepare


def main(folder, photos):
    spark = SparkSession.builder.appName("photos").getOrCreate()
    # Rows that are handed to Python at a time: pictures are large, and Spark can't know.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 32)
    files = spark.read.format("binaryFile").load(folder).select("path", "content")
    prepare(files, format="jpeg").write.option("compression", "none").parquet(photos)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
