"""Ctrl-C ends a batch."""

import subprocess
import sys

from conftest import TESTDATA

# Half an hour of work, if nobody ends it. The other thread asks for an end as soon as it has
# the lock, which is not before the batch is in work: till then, the first one doesn't let go.
PROGRAM = """
import os, signal, sys, threading
import pyarrow as pa
from headshot.arrow import prepare_batch

pictures = pa.array([open(sys.argv[1], "rb").read()] * 10_000)
sys.setswitchinterval(1000)
gate = threading.Lock()

def interrupt():
    with gate:
        os.kill(os.getpid(), signal.SIGINT)

gate.acquire()
threading.Thread(target=interrupt).start()
gate.release()
try:
    prepare_batch(pictures, jobs=2)
except KeyboardInterrupt:
    print("ended")
"""


def test_batch_is_ended():
    picture = TESTDATA / "good/anim_f100_2x2_loop0.gif"
    command = [sys.executable, "-c", PROGRAM, str(picture)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout == "ended\n", done.stderr
