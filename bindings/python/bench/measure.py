"""Prints tables in Markdown.

Whatever is compared takes turns, and the least time of some rounds counts: what else the
machine does only ever adds to it.

- call: `headshot.prepare` in Python beside `prepare` in Rust, for a JPEG of 12 megapixels.
- threads: photos a second with one thread of Python, and with two.
- engines: a folder of such JPEGs to Parquet, with headshot and with pyvips.
- memory: what 5,000 photos leave in the memory of a process.
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
ROUNDS = 5
IN_FOLDER = 96


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
        python += [timed(lambda: headshot.prepare(data)) for _ in range(16)][1:]
    print("| a JPEG of 12 megapixels | ms |\n| --- | ---: |")
    print(f"| Rust | {least(rust):.2f} |\n| Python | {least(python):.2f} |")
    print(f"| Python over Rust | {least(python) / least(rust) - 1:+.1%} |\n")


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def threads():
    data = picture().read_bytes()
    photos = 12

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
    rates = {}
    for _ in range(ROUNDS):
        for count in (1, 2):
            rate = count * photos / timed(lambda: together(count))
            rates[count] = max(rate, rates.get(count, 0))
    print("| threads of Python | photos a second |\n| ---: | ---: |")
    for count, rate in rates.items():
        print(f"| {count} | {rate:.1f} |")
    print(f"\nTwo threads make {rates[2] / rates[1]:.2f} times the photos of one.\n")


def folder_of(file, count):
    folder = BENCH / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.jpg").hardlink_to(file)
    return folder


def engines():
    folder = folder_of(picture(), IN_FOLDER)
    jobs = Path(__file__).with_name("jobs.py")
    print(f"| {IN_FOLDER} JPEGs of 12 megapixels | headshot, s | pyvips, s | headshot / pyvips |")
    print("| --- | ---: | ---: | ---: |")
    for engine in ("polars", "ray", "spark"):
        seconds = {"headshot": [], "pyvips": []}
        for _ in range(3):
            for tool, times in seconds.items():
                out = BENCH / "out"
                shutil.rmtree(out, ignore_errors=True)
                command = [sys.executable, "-B", jobs, engine, tool, folder, out]
                environment = os.environ | {
                    "PYSPARK_PYTHON": sys.executable,
                    "SPARK_LOCAL_IP": "127.0.0.1",
                    "RAY_AUTH_MODE": "disabled",
                    "RAY_USAGE_STATS_ENABLED": "0",
                }
                done = subprocess.run(command, capture_output=True, text=True, env=environment)
                if done.returncode != 0:
                    sys.exit(done.stdout + done.stderr)
                taken, made = done.stdout.splitlines()[-1].split()
                assert int(made) == IN_FOLDER, done.stdout
                times.append(float(taken))
        ours, theirs = min(seconds["headshot"]), min(seconds["pyvips"])
        print(f"| {engine} | {ours:.2f} | {theirs:.2f} | {ours / theirs:.2f} |", flush=True)
    print()


def memory():
    import pyarrow as pa

    from headshot.arrow import prepare_batch

    data = picture(2048).read_bytes()
    print("| photos | MiB |\n| ---: | ---: |")
    for done in range(0, 5001, 50):
        if done in (50, 500, 1000, 2000, 5000):
            print(f"| {done} | {anonymous():.0f} |")
        prepare_batch(pa.array([data] * 50))
    print()


def anonymous():
    """Memory of this process that is its own, in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


if __name__ == "__main__":
    for name in sys.argv[1:] or ["call", "threads", "engines"]:
        {"call": call, "threads": threads, "engines": engines, "memory": memory}[name]()
