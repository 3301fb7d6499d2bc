"""The results as Markdown."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

NOTES = """\
- ms: median and least of the runs; *ours*: headshot's median through this one's. One
  thread, the same core for all, taking turns; from bytes in memory to bytes in memory.
- dB: the picture on the photo (its bars left out) against a full decode and a floating
  point Lanczos, rounded once. With JPEG, most of what is missing is quality 85's. Of an
  animation, the mean over 12 of its frames, and the worst of them.
- MiB: peak memory of a new process over what it had before it saw the picture, which
  includes the file and the photo; in brackets, of the whole process.
- All: JPEG of quality 85 and 4:2:0, a square on black, turned as EXIF says, no metadata.
  headshot and sharp compute Huffman tables for each JPEG, the others take the usual ones.
- The chain of libjpeg-turbo (with its SIMD), Pillow's draft and OpenCV decode at the
  smallest fraction of the size that leaves half as many pixels again as the photo has,
  which is headshot's rule, too; libvips and sharp have their own. The chain doesn't read
  EXIF. Chain, OpenCV and image crate leave colours as they are, whatever the profile.
  The image crate encodes 4:4:4 alone.
- libvips, sharp and gifsicle enlarge in ways of their own, which is not what dB measure.
- As a program, headshot is started anew each time and works through pipes, as gifsicle
  does, which has no bars, and is left out where there is nothing else to do.
"""


def of_job(job, results):
    """One table: a row a tool."""
    ours = next((result for result in results if result.tool.ours), None)
    name = f"`{job.upload.path.name}`, {grouped(job.upload.bytes)} bytes"
    return "\n".join(
        [
            f"**{job.title}** ({name})",
            "",
            "| | ms | ours | least ms | bytes | dB | MiB |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
            *(_row(result, ours) for result in results),
            "",
        ]
    )


def circumstances(measured):
    """When and where it was, by which versions, and what the columns mean."""
    versions = {}
    for _, results in measured:
        for result in results:
            versions |= result.versions
    tools = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{_today()}, {_machine()}: {tools}.\n\n{NOTES}"


def page(parts):
    """All tables as a document."""
    text = "\n".join(parts)
    return f"""# Beside other tools

The same jobs, done by other libraries on the same machine in the same run. Written by
`benches/peers/run --write`, which installs the tools and makes the pictures.

![Milliseconds a photo, by tool and job](peers.svg)

{text}"""


def _today():
    commit = subprocess.run(
        ["git", "-C", Path(__file__).parent, "describe", "--always", "--abbrev=7"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    ).stdout.strip()
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    return f"{today}, commit {commit}" if commit else today


def _machine():
    cpu = re.search("model name\\s*: (.*)", Path("/proc/cpuinfo").read_text())
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    name = cpu[1] if cpu else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {system}"


def _row(result, ours):
    if result.faults:
        return f"| {result.tool.label} | failed | | | | | |"
    cells = [
        result.tool.label,
        time(result.median),
        f"{ours.median / result.median:.2f}" if ours and ours.times else "",
        time(result.least),
        grouped(result.bytes),
        _decibels(result.psnr),
        _memory(result),
    ]
    return f"| {' | '.join(cells)} |"


def _decibels(psnr):
    """The mean over frames, and the worst frame's."""
    mean = f"{sum(psnr) / len(psnr):.1f}"
    return mean if len(psnr) == 1 else f"{mean} ({min(psnr):.1f})"


def _memory(result):
    whole = f"({result.peak_mib:.0f})"
    return whole if result.tool.process else f"{result.over_mib:.0f} {whole}"


def time(milliseconds):
    """Three digits, or as many as it takes."""
    return f"{milliseconds:.1f}" if milliseconds < 99.95 else grouped(round(milliseconds))


def grouped(number):
    """Its digits by threes."""
    return f"{number:,}".replace(",", " ")
