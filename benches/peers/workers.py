"""The driver's end of a worker: a process pinned to its cores, one job at a time.

The worker says what it is in a first line, and answers each line it is told with a
line; all are JSON. serve.py is the other end, and there is one in Rust and one in
JavaScript.
"""

import json
import subprocess
from pathlib import Path


class Failed(Exception):
    """A tool didn't do its job; the text says why."""


class Worker:
    """A tool that waits for jobs, with its library loaded and no picture seen."""

    def __init__(self, tool, cores):
        pinned = ["taskset", "-c", ",".join(map(str, cores[: tool.cores])), *tool.command]
        self._process = subprocess.Popen(
            pinned, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        hello = self._answer()
        self.versions = hello["versions"]
        self.empty_kib = self._peak(hello)
        self.peak_kib = self.empty_kib

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def run(self, job, out=None):
        """The milliseconds of one run, and the bytes of the photo."""
        self._process.stdin.write(json.dumps(job.told(out)) + "\n")
        answer = self._answer()
        if "error" in answer:
            raise Failed(answer["error"])
        self.peak_kib = self._peak(answer)
        return answer["ms"], answer["bytes"]

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise Failed(f"ended with status {self._process.wait()}")
        return json.loads(line)

    def _peak(self, answer):
        """The most memory it ever had at once, unless it knows better itself."""
        if "peak_kib" in answer:
            return answer["peak_kib"]
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])
