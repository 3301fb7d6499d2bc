"""headshot beside other tools: the same jobs, in one run, interleaved.

Every tool is a worker process of its own, pinned to the same core, told to use one
thread, and only one works at a time. A round is one run of each; a worker times its
run itself, from bytes in memory to bytes in memory. What comes out is judged, and a
photo that isn't what was asked for makes the exit status 1.

Without FILES, pictures are made for it. Prints a Markdown table; with --write, README's
section and docs/peers.svg are made anew.
"""

import argparse
import os
import sys
from pathlib import Path

import chart
import jobs
import pictures
import table
from measure import measure
from tools import TOOLS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CHART = ROOT / "docs" / "peers.svg"


def main():
    args = arguments()
    tools = [tool for tool in TOOLS if args.tools is None or tool.name in args.tools]
    warn_if_busy()
    measured, parts = [], []
    for job in chosen(args):
        measured.append((job, measure(job, tools, args)))
        parts.append(table.of_job(*measured[-1]))
        print(parts[-1], flush=True)
    parts.append(table.circumstances(measured))
    print(parts[-1])
    if any(result.faults for _, results in measured for result in results):
        sys.exit("compare.py: not every photo is what was asked for; see above")
    if args.write:
        CHART.parent.mkdir(exist_ok=True)
        CHART.write_text(chart.svg(measured))
        table.put_into(README, "\n".join(parts))


def arguments():
    parser = argparse.ArgumentParser(prog="run", description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--seconds", type=float, default=120, help="after which no round of a job is begun"
    )
    parser.add_argument("--tools", type=names, help="only these: " + listed(TOOLS))
    parser.add_argument("--jobs", type=names, help="only jobs whose name has one of these in it")
    parser.add_argument(
        "--cores", type=cores, default=sorted(os.sched_getaffinity(0), reverse=True)
    )
    parser.add_argument("--write", action="store_true", help="write README's section and its chart")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    args = parser.parse_args()
    if args.write and (args.files or args.tools or args.jobs):
        parser.error("--write is for all tools and all jobs on pictures that are made for it")
    return args


def names(text):
    return text.split(",")


def cores(text):
    return [int(core) for core in text.split(",")]


def listed(tools):
    return ", ".join(tool.name for tool in tools)


def chosen(args):
    paths = args.files or pictures.made(Path(os.environ["PEERS_PICTURES"]))
    for path in paths:
        for job in jobs.of(path):
            # One photo is cut, of those that are made: it would be the same thrice.
            if job.crop and not args.files and path != paths[0]:
                continue
            if args.jobs is None or any(part in job.name for part in args.jobs):
                yield job


def warn_if_busy():
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"compare.py: others are at work on this machine (load {load:.1f})", file=sys.stderr)


if __name__ == "__main__":
    main()
