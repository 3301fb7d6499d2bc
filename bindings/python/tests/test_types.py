"""What type checkers see is what there is."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
CONFIG = HERE / "pyproject.toml"
GOOD = """
import io, pathlib
import headshot
photo: headshot.Photo = headshot.prepare(b"", crop=(1, 2, 3), format="png", max_bytes="1KiB")
headshot.prepare(pathlib.Path("a"), headshot.Options(quality=3), effort="fast")
headshot.inspect(io.BytesIO()).color.model.upper()
headshot.plan(bytearray(), background="#ffffff").picture.x + 1
headshot.check(memoryview(b""))[0].limit
"""
BAD = """
import headshot
headshot.prepare(b"", format="webp")
headshot.prepare(b"", sharpness=1)
headshot.prepare("a.jpg")
headshot.Options(crop=(1, 2))
"""


def mypy(*arguments):
    command = [sys.executable, "-m", "mypy", "--config-file", str(CONFIG), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout


def test_package_is_typed():
    assert "Success" in mypy(HERE / "python/headshot")


def test_stub_is_what_the_module_has():
    command = [sys.executable, "-m", "mypy.stubtest", "headshot._native"]
    command += ["--mypy-config-file", str(CONFIG)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_wrong_calls_are_found(tmp_path):
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad.py").write_text(BAD)
    assert "Success" in mypy(tmp_path / "good.py")
    found = mypy(tmp_path / "bad.py")
    lines = {int(line.split(":")[1]) for line in found.splitlines() if ": error:" in line}
    assert lines == {3, 4, 5, 6}, found
