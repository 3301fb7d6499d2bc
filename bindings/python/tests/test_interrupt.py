"""Ctrl-C ends a batch."""

import signal
import subprocess
import sys

from conftest import TESTDATA

# Minutes of work, if nobody ends it.
PROGRAM = """
import sys
import pyarrow as pa
from headshot.arrow import prepare_batch
picture = open(sys.argv[1], "rb").read()
pictures = pa.array([picture] * 100_000)
print("begun", flush=True)
try:
    prepare_batch(pictures, jobs=2)
except KeyboardInterrupt:
    print("ended", flush=True)
"""


def test_batch_is_ended():
    picture = TESTDATA / "good/cmyk_160x120.jpg"
    command = [sys.executable, "-c", PROGRAM, str(picture)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout.readline() == "begun\n"
        program.send_signal(signal.SIGINT)
        try:
            said, _ = program.communicate(timeout=60)
        finally:
            program.kill()
    assert said == "ended\n"
