"""The examples in the documentation are true."""

import dataclasses
import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import headshot

README = Path(__file__).resolve().parents[1] / "README.md"
MODULES = ["headshot", "headshot.arrow", "headshot.polars"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_modules(in_pictures, name):
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried > 3 and failed == 0


def test_examples_of_the_readme(in_pictures):
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert tried > 20 and failed == 0


def test_everything_public_has_words_and_a_place():
    for name in headshot.__all__:
        one = getattr(headshot, name)
        assert one.__module__ == "headshot" and len(one.__doc__) > 20, name
        assert not one.__doc__.startswith(name + "("), name
        if dataclasses.is_dataclass(one) and one is not headshot.Rect:
            for field in dataclasses.fields(one):
                assert f"\n    {field.name}" in one.__doc__ or f", {field.name}" in one.__doc__


def test_nothing_but_the_package_is_imported():
    code = "import sys, headshot; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "headshot" in loaded
    assert not loaded & {"numpy", "PIL", "pyarrow", "polars", "ray", "pyspark"}
    names = {module.name for module in pkgutil.iter_modules(headshot.__path__)}
    assert {"arrow", "polars", "ray", "spark"} <= names
