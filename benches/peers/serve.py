"""The loop of a worker that is written in Python: jobs in, times out.

The first line on standard output says what the worker is; then it answers each
line of standard input with a line. All are JSON; see workers.py, the other end.
Only the tool itself is timed: the upload is in memory before the clock starts.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """What the driver asks for. It has done the arithmetic: tools only obey."""

    path: str  # the upload
    source: list  # its width and height, as displayed
    format: str  # of the photo: jpeg, png or gif
    crop: list | None  # left, top and width of the square to take, as displayed; or all
    picture: list  # width and height of the picture on the photo
    side: int  # width and height of the photo
    quality: int  # of JPEG
    animated: bool  # whether the photo shall move
    to_srgb: bool  # whether the upload has a colour profile that matters
    out: str | None  # where to write the photo, if it is to be looked at

    @property
    def corner(self):
        """Left and top of the picture on the photo."""
        return [(self.side - edge) // 2 for edge in self.picture]


def serve(versions, prepare, memory=dict):
    """Answers jobs with `prepare(upload, job)`, which returns the photo's bytes.

    `memory` is for workers who know better than their own process's memory tells.
    """
    _say({"versions": versions, **memory()})
    path = upload = None
    for line in sys.stdin:
        job = Job(**json.loads(line))
        if job.path != path:
            path, upload = job.path, Path(job.path).read_bytes()
        try:
            _say(_work(prepare, upload, job) | memory())
        except Exception as error:  # noqa: BLE001 whatever it is, the driver shows it
            _say({"error": f"{type(error).__name__}: {error}"})


def _work(prepare, upload, job):
    start = time.perf_counter()
    photo = prepare(upload, job)
    milliseconds = 1e3 * (time.perf_counter() - start)
    if job.out:
        Path(job.out).write_bytes(photo)
    return {"ms": milliseconds, "bytes": len(photo)}


def _say(answer):
    print(json.dumps(answer), flush=True)
