"""Prints tables in Markdown.

Whatever is compared takes turns, and the least time of some rounds counts: what else the
machine does only ever adds to it.

- call: `headshot.prepare` in Python beside `prepare` in Rust, for a JPEG of 12 megapixels.
- threads: photos a second with one thread of Python, and with two.
- engines: a folder of such JPEGs to Parquet, with headshot and with pyvips.
- memory: what is left of 5,000 photos in the memory of the engines' workers.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import headshot

BENCH = Path(os.environ["BENCH"])
ENGINES = ("polars", "ray", "spark")
ROUNDS = 5
IN_FOLDER = 384


def picture(width=4032):
    """The photo of benches/peers that no camera took, or a smaller one of it."""
    file = BENCH / f"photo-{width}.jpg"
    if not file.exists():
        from PIL import Image

        whole = BENCH / "photo-4032.jpg"
        if width == 4032:
            sys.path.insert(0, os.environ["PEERS"])
            import photo

            image = photo.taken()
        else:
            picture()
            image = Image.open(whole).resize((width, width * 3 // 4))
        image.save(file, "JPEG", quality=90, subsampling=2)
    return file


def least(times):
    return min(times) * 1000


def call():
    file = picture()
    data = file.read_bytes()
    rust, python = [], []
    for _ in range(ROUNDS):
        line = subprocess.check_output([os.environ["RUST"], "--runs", "15", file], text=True)
        rust.append(json.loads(line)["min_ms"] / 1000)
        python += [timed(headshot.prepare, data) for _ in range(16)][1:]
    print("| a JPEG of 12 megapixels | ms |\n| --- | ---: |")
    print(f"| Rust | {least(rust):.2f} |\n| Python | {least(python):.2f} |")
    print(f"| Python over Rust | {least(python) / least(rust) - 1:+.1%} |\n")


def timed(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def threads():
    data = picture().read_bytes()
    # Short rounds, and many of them: some find both cores free, even where others work.
    photos, rounds = 4, 100

    def some():
        for _ in range(photos):
            headshot.prepare(data)

    def together(count):
        workers = [threading.Thread(target=some) for _ in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    some()
    rates, costs = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(rounds):
        for count in rates:
            before = time.process_time()
            rates[count].append(count * photos / timed(together, count))
            costs[count].append((time.process_time() - before) / (count * photos))
    print("| threads of Python | most photos a second | least CPU time a photo, ms |")
    print("| ---: | ---: | ---: |")
    for count in rates:
        print(f"| {count} | {max(rates[count]):.1f} | {least(costs[count]):.1f} |")
    ratio = max(rates[2]) / max(rates[1])
    print(f"\nTwo threads make {ratio:.2f} times the photos of one.\n")


def folder_of(file, count):
    folder = BENCH / f"folder-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.jpg").hardlink_to(file)
    return folder


def engines():
    few, folder = (folder_of(picture(), count) for count in (IN_FOLDER // 4, IN_FOLDER))
    print(f"| {IN_FOLDER} JPEGs of 12 megapixels | headshot, s | pyvips, s | headshot / pyvips |")
    print("| --- | ---: | ---: | ---: |")
    for engine in ENGINES:
        seconds = {"headshot": [], "pyvips": []}
        for _ in range(3):
            for tool, times in seconds.items():
                times.append(job(engine, tool, few, folder, IN_FOLDER))
        ours, theirs = min(seconds["headshot"]), min(seconds["pyvips"])
        print(f"| {engine} | {ours:.2f} | {theirs:.2f} | {ours / theirs:.2f} |", flush=True)
    print()


def job(engine, tool, few, folder, pictures, **environment):
    """The seconds that it took, once the engine has done a few."""
    out = BENCH / "out"
    shutil.rmtree(out, ignore_errors=True)
    program = Path(__file__).with_name("jobs.py")
    environment |= {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "RAY_AUTH_MODE": "disabled",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    command = [sys.executable, "-B", program, engine, tool, few, folder, out]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    seconds, made = done.stdout.splitlines()[-1].split()
    assert int(made) == pictures, done.stdout
    shutil.rmtree(out)
    return float(seconds)


def memory():
    count = 5000
    few, folder = (folder_of(picture(2048), count) for count in (4, count))
    print(
        f"| {count} JPEGs of 3 megapixels | photos a worker | MiB after 250 | at the end | most |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    for engine in ENGINES:
        log = BENCH / "memory.log"
        log.unlink(missing_ok=True)
        job(engine, "headshot", few, folder, count, BENCH_MEMORY=str(log))
        for done, early, last, most in workers(log):
            print(f"| {engine} | {done} | {early:.0f} | {last:.0f} | {most:.0f} |", flush=True)
    print()


def workers(log):
    """Of each process with more than a few photos: how many, and its memory."""
    lines = [line.split() for line in log.read_text().splitlines()]
    for process in sorted({pid for pid, _, _ in lines}):
        done, early, sizes = 0, None, []
        for pid, rows, size in lines:
            if pid == process:
                done += int(rows)
                sizes.append(float(size))
                if early is None and done >= 250:
                    early = sizes[-1]
        if early is not None:
            yield done, early, sizes[-1], max(sizes)


if __name__ == "__main__":
    for name in sys.argv[1:] or ["call", "threads", "engines"]:
        {"call": call, "threads": threads, "engines": engines, "memory": memory}[name]()
