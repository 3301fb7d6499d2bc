"""Tools that are commands: gifsicle, and headshot's own program.

A whole process is timed, from its start, with pictures through pipes. gifsicle has
no bars: its photo is as wide and as high as the picture is.
"""

import os
import resource
import subprocess
import sys

from serve import serve


def gifsicle(job):
    width, height = job.picture
    return [
        *("gifsicle", "--no-warnings", "--resize", f"{width}x{height}"),
        *("--resize-method", "lanczos3", "--resize-colors", "256"),
    ]


def headshot(job):
    crop = ["--crop", ",".join(map(str, job.crop))] if job.crop else []
    return [
        *(os.environ["PEERS_PROGRAM"], "prepare", "-", "--format", job.format),
        *("--quality", str(job.quality), *crop),
    ]


def prepare(upload, job):
    return subprocess.run(command(job), input=upload, stdout=subprocess.PIPE, check=True).stdout


def memory():
    """Of the largest process so far, in KiB; a new one starts with this process's."""
    return {"peak_kib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}


def version():
    """The last word of the first line of `--version`."""
    program = sys.argv[1] if command is gifsicle else os.environ["PEERS_PROGRAM"]
    out = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True, text=True)
    return out.stdout.splitlines()[0].split()[-1]


command = {"gifsicle": gifsicle, "headshot": headshot}[sys.argv[1]]
serve({sys.argv[1]: version()}, prepare, memory)
