"""Python's lock is released while a picture is in work."""

import sys
import threading

import pytest

import headshot
from headshot.arrow import prepare_batch
from conftest import TESTDATA

PICTURE = (TESTDATA / "good/anim_f100_2x2_loop0.gif").read_bytes()


def prepare_one():
    headshot.prepare(PICTURE)


def prepare_many():
    prepare_batch(pytest.importorskip("pyarrow").array([PICTURE]))


@pytest.fixture
def never_taken_away():
    """The lock goes to another thread only when the one that has it lets go."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("work", [prepare_one, prepare_many])
def test_others_go_on(never_taken_away, work):
    # The other thread can't leave the loop before this one has run, which it can only while
    # `work` is without the lock: nothing else in the loop lets go of it.
    stop = False
    rounds = 0

    def run():
        nonlocal rounds
        while not stop and rounds < 50:
            work()
            rounds += 1

    thread = threading.Thread(target=run)
    thread.start()
    stop = True
    thread.join()
    assert rounds < 50
