"""A job done by each tool in turn, round by round, so that whatever slows the machine
down for a while slows them all down."""

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from judge import Judge
from workers import Failed, Worker

# Rounds that there must be, however long they take.
LEAST_ROUNDS = 3


@dataclass
class Result:
    """What became of one job in one tool's hands."""

    tool: object
    versions: dict = field(default_factory=dict)
    times: list = field(default_factory=list)
    bytes: int = 0
    psnr: list = field(default_factory=list)
    empty_kib: int = 0
    peak_kib: int = 0
    faults: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.times)

    @property
    def least(self):
        return min(self.times)

    @property
    def over_mib(self):
        """Memory that the picture took, its file and the photo included."""
        return (self.peak_kib - self.empty_kib) / 1024

    @property
    def peak_mib(self):
        """Of the whole process."""
        return self.peak_kib / 1024


def measure(job, tools, settings):
    """A result for each tool that can do the job.

    Every tool has a new process for every job. Its first run is not timed: the photo
    is judged, and the memory is that of this run alone.
    """
    print(f"{job.name} ...", file=sys.stderr)
    judge = Judge(job)
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        running = []
        for tool in tools:
            if not tool.does(job):
                continue
            result = Result(tool)
            worker = _first_run(stack, job, result, judge, Path(folder, "photo"), settings.cores)
            running.append((result, worker))
        _rounds(job, [(result, worker) for result, worker in running if worker], settings)
        return [result for result, _ in running]


def _first_run(stack, job, result, judge, out, cores):
    """The worker, if it does its job well."""
    try:
        worker = stack.enter_context(Worker(result.tool, cores))
        result.versions = worker.versions
        _, result.bytes = worker.run(job, out)
        result.empty_kib, result.peak_kib = worker.empty_kib, worker.peak_kib
        result.psnr, result.faults = judge.judge(out.read_bytes(), result.tool)
    except Failed as failed:
        result.faults = [str(failed)]
    for fault in result.faults:
        print(f"{job.name}: {result.tool.name}: {fault}", file=sys.stderr)
    return None if result.faults else worker


def _rounds(job, running, settings):
    start = time.monotonic()
    for done in range(settings.rounds):
        if done >= LEAST_ROUNDS and time.monotonic() - start > settings.seconds:
            break
        for result, worker in running:
            milliseconds, _ = worker.run(job)
            result.times.append(milliseconds)
