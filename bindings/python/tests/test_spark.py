"""Photos in Spark, with two workers."""

import os
import signal
import sys
from pathlib import Path

import pytest

from engines import finish, start, wait_for_first

pytestmark = pytest.mark.spark


def test_example_survives_an_executor(uploads, tmp_path):
    photos = tmp_path / "photos"
    master = "local-cluster[2,1,1024]"
    program = start(
        "on_spark.py",
        uploads.folder,
        photos,
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_SUBMIT_ARGS=f"--master {master} --conf spark.ui.enabled=false pyspark-shell",
        SPARK_LOCAL_IP="127.0.0.1",
    )
    wait_for_first(photos, program)
    os.kill(executors(program.pid)[0], signal.SIGKILL)
    assert "Lost executor" in finish(program)
    uploads.assert_made(photos)


def executors(ancestor):
    """The processes of executors that a program has started, at whatever distance."""
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    found = [pid for pid in processes if b"CoarseGrainedExecutorBackend" in command(pid)]
    return [pid for pid in found if ancestor in ancestors(pid)]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def ancestors(pid):
    while pid > 1:
        # The parent is the second field behind the name, which may have spaces in it.
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        yield pid
