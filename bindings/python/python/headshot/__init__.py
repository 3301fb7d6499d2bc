"""Turns whatever picture a person uploads into a square profile photo, or says why it can't.

A JPEG, PNG or GIF goes in as bytes. A square of 512 to 1024 pixels comes out as bytes: turned
upright, cut to a crop box or letterboxed, resampled once, and without a trace of EXIF, GPS or
anything else that is private. The rules are those of Slack's `users.setPhoto`.

>>> import headshot
>>> from pathlib import Path
>>> photo = headshot.prepare(Path("portrait_900x1200.jpg"))
>>> photo.media_type, photo.side
('image/jpeg', 1024)
>>> [step["step"] for step in photo.steps]
['scaled', 'letterboxed']

- `prepare` makes the photo, as `Options` say.
- `inspect` tells what a file is, `check` whether the service would take it as it is, and `plan`
  what `prepare` would do. None of them decodes a pixel.
- `Error` is raised where there is no photo.
- `headshot.arrow` prepares whole columns of pictures; `headshot.polars`, `headshot.ray` and
  `headshot.spark` do so in these engines.

A picture is `bytes` or anything else with bytes in it (`bytearray`, `memoryview`, `mmap`), a
path (`pathlib.Path`), or a file that is open for reading in binary. A `str` is none of them.

Nothing is kept from call to call, and nothing is read but the picture. Other threads of Python
go on meanwhile.
"""

from headshot._error import Error
from headshot._info import Color, Info, Metadata, Profile, Violation, check, inspect
from headshot._options import Options
from headshot._photo import Photo, Plan, Rect, plan, prepare

__all__ = [
    "Color",
    "Error",
    "Info",
    "Metadata",
    "Options",
    "Photo",
    "Plan",
    "Profile",
    "Rect",
    "Violation",
    "check",
    "inspect",
    "plan",
    "prepare",
]

# Where people find them, and what tracebacks and pickles call them.
for _name in __all__:
    globals()[_name].__module__ = __name__
