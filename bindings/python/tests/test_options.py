"""Options: names, values, and how they get about."""

import copy
import dataclasses
import inspect
import pickle
import re
import subprocess
import typing

import pytest

import headshot
from headshot import _native, _options
from conftest import PROGRAM, TESTDATA

PORTRAIT = TESTDATA / "good/portrait_900x1200.jpg"
# What the program has about files and reports.
OF_FILES = {"files_from", "crop_list", "output", "out_dir", "resume", "jobs"}
OF_FILES |= {"json", "report", "quiet", "help"}


def test_names_and_defaults_are_those_of_the_program():
    text = subprocess.run([PROGRAM, "prepare", "--help"], capture_output=True, text=True).stdout
    shown = re.findall(r"^ +(?:-., )?--([a-z-]+)", text, re.MULTILINE)
    names = {name.replace("-", "_") for name in shown}
    fields = {field.name: field.default for field in dataclasses.fields(headshot.Options)}
    assert names - OF_FILES == set(fields)
    for name in ("background", "format", "quality", "effort", "animation", "filter", "max_edge"):
        typed = name.replace("_", "-")
        option = re.search(rf"--{typed} .*?\[default: (\S+)\]", text, re.DOTALL)
        assert option[1] == str(fields[name])


def test_type_checkers_see_the_same_options():
    assert typing.get_type_hints(_options.Keywords) == typing.get_type_hints(headshot.Options)
    assert _native.defaults().keys() == typing.get_type_hints(headshot.Options).keys()


@pytest.mark.parametrize("name", ["format", "effort", "animation", "filter"])
def test_choices_are_those_that_are_written_down(name):
    choices = typing.get_args(typing.get_type_hints(headshot.Options)[name])
    for choice in choices:
        headshot.Options(**{name: choice})
    with pytest.raises(ValueError) as wrong:
        headshot.Options(**{name: "best"})
    assert str(wrong.value) == f"{name}: expected one of {', '.join(choices)}, not 'best'"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("crop", (1, 2)),
        ("crop", (-1, 0, 5)),
        ("crop", (0.5, 0, 5)),
        ("crop", 7),
        ("background", "red"),
        ("background", (0, 0, 0)),
        ("quality", 0),
        ("quality", None),
        ("max_bytes", -1),
        ("max_bytes", "1MB"),
        ("no_upscale", 1),
        ("threads", 0),
        ("timeout", -1),
        ("timeout", "soon"),
        ("max_edge", 1 << 32),
        ("max_pixels", 1.5),
    ],
)
def test_wrong_value_is_told_by_its_name(name, value):
    with pytest.raises(ValueError, match=f"^{name}: expected .*, not "):
        headshot.prepare(PORTRAIT, **{name: value})


def test_unknown_option_is_no_keyword():
    with pytest.raises(TypeError, match="sharpness"):
        headshot.prepare(PORTRAIT, sharpness=1)
    with pytest.raises(TypeError, match="headshot.Options"):
        headshot.prepare(PORTRAIT, {"quality": 1})


def test_keywords_change_options():
    options = headshot.Options(format="png", crop=(0, 0, 600))
    assert headshot.prepare(PORTRAIT, options).media_type == "image/png"
    photo = headshot.prepare(PORTRAIT, options, format="jpeg")
    assert (photo.media_type, photo.side) == ("image/jpeg", 600)


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_options_travel(way):
    options = headshot.Options(crop=(1, 2, 600), max_bytes="60KiB")
    assert way(options) == options
    assert headshot.prepare(PORTRAIT, way(options)) == headshot.prepare(PORTRAIT, options)


def test_results_and_errors_travel():
    photo = headshot.prepare(PORTRAIT)
    assert len(repr(photo)) < 400 < len(photo.bytes)
    assert pickle.loads(pickle.dumps(photo)) == photo
    info = headshot.inspect(PORTRAIT)
    assert pickle.loads(pickle.dumps(info)) == info
    with pytest.raises(headshot.Error) as raised:
        headshot.prepare(PORTRAIT, max_edge=1000)
    error = pickle.loads(pickle.dumps(raised.value))
    assert vars(error) == vars(raised.value) and str(error) == str(raised.value)
    assert (error.code, error.reason) == ("too_large", "edge")
    assert (error.measured, error.limit) == (1200, 1000)


def test_help_shows_every_option():
    names = [field.name for field in dataclasses.fields(headshot.Options)]
    for function in (headshot.prepare, headshot.plan):
        assert list(inspect.signature(function).parameters) == ["picture", "options", *names]


def test_time_is_up():
    with pytest.raises(headshot.Error) as raised:
        headshot.prepare(PORTRAIT, timeout=0)
    assert (raised.value.code, raised.value.reason) == ("cancelled", "cancelled")
    assert headshot.prepare(PORTRAIT, timeout=600).side == 1024
