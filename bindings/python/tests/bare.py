"""The package where there is no other: in an environment of its own, and in no folder of ours."""

import importlib.metadata
import pathlib
import sys

import headshot

picture = pathlib.Path("portrait_900x1200.jpg")
photo = headshot.prepare(picture)
assert (photo.media_type, photo.side) == ("image/jpeg", 1024)
assert headshot.inspect(picture.read_bytes()).width == 900
try:
    headshot.prepare(b"")
except headshot.Error as error:
    assert error.reason == "unknown_format"
else:
    sys.exit("a file without bytes became a photo")

place = pathlib.Path(headshot.__file__)
assert place.is_relative_to(sys.prefix) and place.with_name("py.typed").is_file()
assert importlib.metadata.requires("headshot") is not None
wanted = [one for one in importlib.metadata.requires("headshot") if "extra ==" not in one]
assert wanted == [], wanted
print("headshot", importlib.metadata.version("headshot"), "in Python", sys.version.split()[0])
