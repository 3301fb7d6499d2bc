"""What the tests of engines have in common: a folder of uploads, and what must come of it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

from conftest import pictures

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
COPIES = 5


class Uploads:
    """Pictures under numbered names, each several times, good and bad ones in turn."""

    def __init__(self, folder, prepare_by_program):
        self.folder = folder
        sources = [*pictures("good")[::2], *pictures("bad")[::3]]
        made = prepare_by_program(sources, "--format", "jpeg")
        self.expected = {}
        for number in range(COPIES * len(sources)):
            source = sources[number % len(sources)]
            path = folder / f"{number:04}{source.suffix}"
            shutil.copy(source, path)
            printed, file = made[source]
            self.expected[path.name] = (file, printed["code"], printed["reason"])

    def assert_made(self, photos):
        """Each of them once, and to the byte what the command line made."""
        # One schema for all files, by which each is read.
        table = pq.read_table(photos, columns=["path", "photo", "ok", "code", "reason"])
        names = [Path(path).name for path in table["path"].to_pylist()]
        assert sorted(names) == sorted(self.expected)
        for name, row in zip(names, table.to_pylist(), strict=True):
            assert (row["photo"], row["code"], row["reason"]) == self.expected[name], name
            assert row["ok"] is (row["code"] is None)


def start(example, *arguments, **environment):
    """Runs an example as a program of its own."""
    command = [sys.executable, "-B", EXAMPLES / example, *arguments]
    return subprocess.Popen(
        list(map(str, command)),
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(program):
    """Waits for it. Gives what it said."""
    said = program.communicate()[0]
    assert program.returncode == 0, said
    return said


def wait_for_first(photos, program):
    """Until there is some part of the result, which must not be all of it."""
    while not any(photos.rglob("*.parquet")):
        assert program.poll() is None, program.communicate()[0]
        time.sleep(0.02)
    assert program.poll() is None, "it was too quick to be disturbed"
