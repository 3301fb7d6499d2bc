"""The same bytes, reports and errors as the command line's."""

import dataclasses
import json

import pytest

import headshot
from conftest import pictures, run_program

# Each option, away from its default, as it is typed and as a keyword.
OPTIONS = {
    "crop": (["--crop", "1,0,40"], {"crop": (1, 0, 40)}),
    "background": (["--background", "#0a64ff"], {"background": "#0a64ff"}),
    "transparent": (["--background", "transparent"], {"background": "transparent"}),
    "format": (["--format", "gif"], {"format": "gif"}),
    "quality": (["--quality", "30"], {"quality": 30}),
    "effort": (["--effort", "fast"], {"effort": "fast"}),
    "max_bytes": (["--max-bytes", "20KiB"], {"max_bytes": "20KiB"}),
    "animation": (["--animation", "still"], {"animation": "still"}),
    "no_upscale": (["--no-upscale"], {"no_upscale": True}),
    "filter": (["--filter", "catmull-rom"], {"filter": "catmull-rom"}),
    "linear_light": (["--linear-light"], {"linear_light": True}),
    "dither": (["--dither", "--format", "gif"], {"dither": True, "format": "gif"}),
    "accept_damage": (["--accept-damage"], {"accept_damage": True}),
    "threads": (["--threads", "2"], {"threads": 2}),
    "max_file_bytes": (["--max-file-bytes", "1KiB"], {"max_file_bytes": "1KiB"}),
    "max_edge": (["--max-edge", "100"], {"max_edge": 100}),
    "max_pixels": (["--max-pixels", "3000"], {"max_pixels": 3000}),
    "max_frames": (
        ["--max-frames", "2", "--animation", "thin"],
        {"max_frames": 2, "animation": "thin"},
    ),
    "max_animation_pixels": (
        ["--max-animation-pixels", "20000"],
        {"max_animation_pixels": 20_000},
    ),
    "max_metadata": (["--max-metadata", "100"], {"max_metadata": 100}),
    "max_memory": (["--max-memory", "5MiB"], {"max_memory": "5MiB"}),
    "max_work": (["--max-work", "20000"], {"max_work": 20_000}),
}


def compare(made, **keywords):
    """Prepares what the program has prepared, and finds the same."""
    refused = 0
    for path, (printed, file) in made.items():
        try:
            photo = headshot.prepare(path, **keywords)
        except headshot.Error as error:
            refused += 1
            assert not printed["ok"], path
            for name in ("code", "reason", "measured", "limit", "offset"):
                assert getattr(error, name) == printed[name], path
            assert str(error) == printed["message"], path
        else:
            assert photo.bytes == file, path
            assert photo.media_type == printed["media_type"]
            assert (photo.side, photo.frames) == (printed["side"], printed["output_frames"])
            assert json.loads(json.dumps(photo.steps)) == printed["steps"], path
    return refused


def test_photos_are_the_same(prepare_by_program):
    assert compare(prepare_by_program(pictures("good"))) == 0


def test_errors_are_the_same(prepare_by_program):
    files = pictures("bad")
    assert compare(prepare_by_program(files)) == len(files)


@pytest.mark.parametrize("name", OPTIONS)
def test_option_does_the_same(prepare_by_program, name):
    typed, keywords = OPTIONS[name]
    # Kinds of pictures that some option is about, and some that are broken.
    files = pictures("good")[::4] + pictures("bad")[::8]
    made = prepare_by_program(files, *typed)
    compare(made, **keywords)
    if name != "threads":
        plain = prepare_by_program(files)
        outcomes = [[(one["code"], file) for one, file in by.values()] for by in (made, plain)]
        assert outcomes[0] != outcomes[1], "the pictures don't tell whether it is heeded"


def test_each_option_is_tried():
    timed = {"timeout"}
    fields = {field.name for field in dataclasses.fields(headshot.Options)}
    assert fields - timed == {name for _, keywords in OPTIONS.values() for name in keywords}


@pytest.mark.parametrize("folder", ["good", "bad"])
def test_reports_are_the_same(folder):
    printed = run_program("inspect", *pictures(folder))
    for path, one in printed.items():
        beside = {"path", "ok", "code", "reason", "message", "measured", "limit", "offset"}
        try:
            info = dataclasses.asdict(headshot.inspect(path))
        except headshot.Error as error:
            assert (error.reason, str(error)) == (one["reason"], one["message"])
        else:
            del info["media_type"]
            assert info == {name: one[name] for name in one.keys() - beside}


@pytest.mark.parametrize("folder", ["good", "bad"])
def test_broken_rules_are_the_same(folder):
    limits = ["--max-file-bytes", "40KiB", "--max-frames", "3"]
    printed = run_program("check", *limits, *pictures(folder))
    for path, one in printed.items():
        try:
            violations = headshot.check(path, max_file_bytes="40KiB", max_frames=3)
        except headshot.Error as error:
            assert (error.code, error.reason) == (one["code"], one["reason"])
            assert str(error) == one["message"]
        else:
            assert [dataclasses.asdict(violation) for violation in violations] == one["violations"]


def test_plan_is_what_prepare_does():
    for path in pictures("good"):
        plan, photo = headshot.plan(path), headshot.prepare(path)
        for name in ("format", "media_type", "side", "frames", "steps"):
            assert getattr(plan, name) == getattr(photo, name), path
