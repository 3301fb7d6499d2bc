"""A folder of pictures to a folder of photos, by Ray Data on the cluster of RAY_ADDRESS.

    python on_ray.py FOLDER PHOTOS
"""

import os
import sys

import ray

from headshot.ray import prepare


def main(folder, photos):
    ray.init()
    # So many that each is a task of a few seconds. Told how many, Ray reads, prepares and
    # writes in one task, and no picture goes through its object store.
    blocks = max(len(os.listdir(folder)) // 50, 1)
    files = ray.data.read_binary_files(folder, include_paths=True, override_num_blocks=blocks)
    prepare(files, format="jpeg").write_parquet(photos, compression="none")


if __name__ == "__main__":
    main(*sys.argv[1:])
