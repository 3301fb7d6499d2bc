"""The tools, and which jobs each of them can do."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent

os.environ |= {"VIPS_CONCURRENCY": "1", "UV_THREADPOOL_SIZE": "1"}


@dataclass(frozen=True)
class Tool:
    """A worker to start, and what may be expected of it."""

    name: str  # to choose it by
    label: str  # to show
    command: list
    does: Callable  # whether it can do a job
    cores: int = 1
    sampling: str = "4:2:0"  # what its JPEG encoder makes of colours
    bars: bool = True  # whether it makes a square
    process: bool = False  # whether each photo has a process of its own
    in_chart: bool = True

    @property
    def ours(self):
        return self.name == "headshot"


def _python(script, *arguments):
    return [sys.executable, "-B", str(_HERE / script), *arguments]


def _rust(name):
    return [os.environ["PEERS_RUST"], name]


def _every(job):
    return True


def _stills(job):
    return not job.animated


def _jpegs(job):
    return (job.upload.format, job.format) == ("jpeg", "jpeg")


def _whole_jpegs(job):
    return _jpegs(job) and not job.crop


def _upright_jpegs(job):
    return _jpegs(job) and job.upload.upright


def _resized_animations(job):
    return job.animated and job.resized


# One with two threads, once the library has them, is `cores=2` and a name of its
# own in rust/src/main.rs.
TOOLS = [
    Tool("headshot", "headshot", _rust("headshot"), _every),
    Tool(
        "headshot-program",
        "headshot, as a program",
        _python("peer_command.py", "headshot"),
        _every,
        process=True,
        in_chart=False,
    ),
    Tool(
        "turbo",
        "libjpeg-turbo chain",
        _rust("turbo"),
        _upright_jpegs,
    ),
    Tool(
        "sharp", "sharp", ["node", str(_HERE / "peer_sharp.mjs"), os.environ["PEERS_NODE"]], _every
    ),
    Tool("vips", "libvips", _python("peer_vips.py"), _every),
    Tool("opencv", "OpenCV", _python("peer_opencv.py"), _jpegs),
    Tool("pillow-draft", "Pillow, draft", _python("peer_pillow.py", "draft"), _whole_jpegs),
    Tool("pillow", "Pillow", _python("peer_pillow.py"), _every),
    Tool("image", "image crate", _rust("image"), _stills, sampling="4:4:4"),
    Tool(
        "gifsicle",
        "gifsicle",
        _python("peer_command.py", "gifsicle"),
        _resized_animations,
        bars=False,
        process=True,
    ),
]
