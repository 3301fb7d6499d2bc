"""A folder of pictures to a folder of photos, by Ray Data on the cluster of RAY_ADDRESS.

    python on_ray.py FOLDER PHOTOS
"""

import sys

import ray

from headshot.ray import prepare


def main(folder, photos):
    ray.init()
    files = ray.data.read_binary_files(folder, include_paths=True)
    prepare(files, format="jpeg").write_parquet(photos, compression="none")


if __name__ == "__main__":
    main(*sys.argv[1:])
