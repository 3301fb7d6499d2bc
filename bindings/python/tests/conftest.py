"""Where the pictures are, and what the command line makes of them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TESTDATA = ROOT / "testdata"
PROGRAM = Path(os.environ.get("HEADSHOT", ROOT / "target/debug/headshot"))


def pictures(folder):
    """Files of testdata, which has some of each kind."""
    files = sorted(file for file in (TESTDATA / folder).iterdir() if file.suffix != ".md")
    assert len(files) > 50
    return files


def run_program(command, *arguments):
    """The objects that the program prints, by path."""
    done = subprocess.run(
        [PROGRAM, command, "--json", *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    objects = map(json.loads, done.stdout.splitlines())
    return {Path(one["path"]): one for one in objects}


@pytest.fixture(scope="session")
def prepare_by_program(tmp_path_factory):
    """Prepares files by the program; gives what it prints and what it writes, by path."""

    def prepare(files, *options):
        made = {}
        # One kind at a time, since two files of one name would become one.
        for suffix in {file.suffix for file in files}:
            folder = tmp_path_factory.mktemp("photos")
            same = [file for file in files if file.suffix == suffix]
            made |= run_program("prepare", "--out-dir", folder, *options, *same)
        assert set(made) == set(files)
        return {
            path: (one, Path(one["output"]).read_bytes() if one["ok"] else None)
            for path, one in made.items()
        }

    return prepare


@pytest.fixture
def in_pictures(tmp_path, monkeypatch):
    """A folder with the pictures that examples name."""
    for name in ["portrait_900x1200.jpg"]:
        (tmp_path / name).write_bytes((TESTDATA / "good" / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def uploads(tmp_path_factory, prepare_by_program):
    """A folder of pictures for engines."""
    from engines import Uploads

    return Uploads(tmp_path_factory.mktemp("uploads"), prepare_by_program)
