"""Writes a report as the program does, with rows that are made up.

    rows.py OUTPUT [--rows N] [--pictures FOLDER]

Each reason of README's table and each step of src/photo.rs occurs, and so do names that
mean harm. With a folder, thumbnails are of its pictures: that needs Pillow. Else all
are the same small JPEG.
"""

import argparse
import base64
import io
import json
import random
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIDE = 64

HOSTILE = [
    "<img src=x onerror=\"window.harmed='img'\">.jpg",
    "</script><script>window.harmed='script'</script>.png",
    "<!--<script>.gif",
    "x\" onmouseover=\"window.harmed='attribute'\" y=\".jpg",
    "javascript:window.harmed='address'",
    "https://headshot.invalid/beacon.png",
    "innocent_\u202egpj.exe",
    "\u2066\u2067isolated\u200b\ufeff\u200e\u200f.jpg",
    "שלום/עולם/تصویر/פרופיל.jpg",
    "two\nlines\r\tand a \x1b[31mcolour\x00\x7f\x85.png",
    "{{rows}}{{run}}$&$1.jpg",
    "long/" + "very-long-name-without-an-end" * 60 + ".jpg",
    "deep/" * 120 + "picture.jpg",
    "Z" + "\u0351\u0328\u0334" * 60 + "algo.jpg",
    "u\u0308ber/zoe\u0308.jpg",
    "  spaces  around  .jpg ",
    "👩‍👩‍👧‍👦/می‌خواهم/写真 (1).jpg",
    "\U000e0041\U000e0042tags\u2028\u2029\ufff9.jpg",
]

FIRST = "ada aiko amir ana ben carla chen dana david eva farid greta hugo ines ivan jana joão kofi lea li maya mei nia noah olga omar paul priya rosa sam sofía tariq uma vera wei yara yusuf zoë".split()
LAST = "adeyemi andersson berg costa dubois evans fischer garcía haddad ito jansen kaya kowalski kumar lee lopez meyer mori nakamura nguyen novak okafor park petrov rossi santos schmidt silva singh smith tanaka weber wong yılmaz zhang".split()
TEAM = "design engineering finance people legal operations sales support".split()


def reasons():
    """(code, reason) of each refusal: README's table, and the two of the program's own."""
    table = re.search(r"\| `code\(\)` \| `reason\(\)`(.*?)\n\n", (ROOT / "README.md").read_text(), re.S).group(1)
    found, code = [], None
    for line in table.splitlines()[2:]:
        first, second = (re.findall(r"`(\w+)`", cell) for cell in line.split("|")[1:3])
        code = first[0] if first else code
        found += [(code, reason) for reason in second]
    assert len(found) > 15, found
    return [*found, ("io_error", "cannot_read"), ("io_error", "cannot_write")]


def step_names():
    names = re.findall(r'=> "(\w+)"', (ROOT / "src/photo.rs").read_text())
    assert len(names) > 15, names
    return names


def step(name, chance, width, height):
    """A step with data such as src/bin/headshot/json.rs writes."""
    size = {"width": width, "height": height}
    half = {"width": max(1, width // 2), "height": max(1, height // 2)}
    some = chance.randint(2, 400)
    data = {
        "oriented": {"orientation": chance.randint(2, 8)},
        "cropped": {"x": some, "y": 0, "width": 600},
        "scaled": {"from": size, "to": half},
        "letterboxed": {"picture": {"x": 0, "y": 1, **half}, "side": 1024},
        "colors_converted": {"from": chance.choice(["Display P3", "Adobe RGB (1998)", "<b>\u202eprofile</b>\n"])},
        "flattened": {"color": [0, 0, 0]},
        "stilled": {"frames": some},
        "thinned": {"from": 900, "to": 500},
        "delays_raised": {"frames": some},
        "scans_missing": {"coefficients": some},
        "metadata_removed": {"bytes": some * 97},
        "bars_approximated": {"wanted": [0, 0, 0], "used": [4, 4, 4]},
        "color_replaced": {"color": [9, 9, 9], "by": [8, 9, 9]},
        "damage_accepted": {"offset": chance.choice([None, some])},
        "converted": {"from": "gif", "to": "png"},
        "effort_raised": {"from": "fast", "to": "best"},
        "quality_lowered": {"from": 85, "to": 70},
        "colors_reduced": {"to": 64},
        "changes_ignored": {"tolerance": 4},
        "side_reduced": {"from": 1024, "to": 800},
    }
    return {"step": name, **data.get(name, {})}


def thumbnails(folder):
    """(format, width, height, base64 of the picture with bars, of a photo of it) each."""
    if folder is None:
        small = base64.b64encode((ROOT / "testdata/good/1x1.jpg").read_bytes()).decode()
        sizes = [(3024, 4032), (4032, 3024), (1200, 1200), (640, 480), (3000, 20), (17, 1200)]
        return [("jpeg", *size, small, small) for size in sizes]
    from PIL import Image, ImageOps, UnidentifiedImageError

    found = []
    for file in sorted(Path(folder).rglob("*")):
        try:
            picture = Image.open(file)
            kind = picture.format.lower().replace("mpo", "jpeg")
            picture = ImageOps.exif_transpose(picture).convert("RGB")
        except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
            continue
        if kind in ("jpeg", "png", "gif"):
            barred = ImageOps.pad(picture, (SIDE, SIDE), color="black")
            cut = ImageOps.fit(picture, (SIDE, SIDE))
            found.append((kind, *picture.size, *map(encoded, (barred, cut))))
    return found


def encoded(picture):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return base64.b64encode(out.getvalue()).decode()


def rows(number, pictures):
    chance = random.Random(7)
    refusals, steps = reasons(), step_names()
    made = []
    for index in range(number):
        kind, width, height, barred, cut = pictures[chance.randrange(len(pictures))]
        path = f"uploads/{chance.choice(TEAM)}/{chance.choice(FIRST)}.{chance.choice(LAST)}_{index:05}.{kind}"
        if index % 10 == 5 and index // 10 < len(HOSTILE):
            path = HOSTILE[index // 10]
        frames = chance.randint(2, 200) if kind == "gif" and chance.random() < 0.5 else 1
        row = {
            "path": path, "ok": True, "code": None, "reason": None, "message": None,
            "format": kind, "width": width, "height": height, "frames": frames,
            "measured": None, "limit": None, "offset": None,
            "output": f"photos/{index:05}.{kind}", "media_type": f"image/{kind}",
            "side": min(1024, max(512, width, height)), "output_frames": frames,
            "bytes": chance.randint(9_000, 400_000), "steps": [],
            "file_bytes": chance.randint(20_000, 9_000_000), "seconds": round(chance.uniform(0.002, 0.4), 6),
            "same_as": None, "finished_before": False, "before": None, "after": barred,
        }
        dice = chance.random()
        # Each reason and each step once, whatever the dice say.
        if index % 3 == 1 and index // 3 < len(refusals):
            refuse(row, *refusals[index // 3], chance, barred)
        elif dice < 0.06:
            # As it is: a few reasons make up for most.
            refuse(row, *refusals[min(int(chance.expovariate(0.35)), len(refusals) - 1)], chance, barred)
        else:
            few = [name for name in steps if chance.random() < (0.5 if name in COMMON else 0.02)]
            if index % 3 == 2 and index // 3 < len(steps):
                few.append(steps[index // 3])
            row["steps"] = [step(name, chance, width, height) for name in steps if name in few]
            if "cropped" in few:
                row["before"], row["after"] = barred, cut
            if dice < 0.1 and made:
                row |= {"same_as": chance.choice(made)["path"], "seconds": 0}
            elif dice < 0.16:
                row |= {"finished_before": True, "seconds": 0}
            elif dice < 0.17:
                row |= {"before": None, "after": None}
        made.append(row)
    return made


COMMON = ("scaled", "letterboxed", "metadata_removed", "cropped")


def refuse(row, code, reason, chance, barred):
    known = reason not in ("unknown_format", "cannot_read", "file_bytes")
    numbers = code in ("too_large", "too_many_frames")
    limit = chance.randint(1, 10**8)
    row |= {
        "ok": False, "code": code, "reason": reason, "message": f"what was wrong, exactly: {reason} <b>\u202e",
        "measured": limit + 1 if numbers else None, "limit": limit if numbers else None,
        "offset": chance.choice([None, 4711]) if reason in ("malformed", "truncated") else None,
        "output": None, "media_type": None, "side": None, "output_frames": None, "bytes": None,
        "steps": None, "after": None, "before": barred if known and chance.random() < 0.7 else None,
    }
    if not known:
        row |= {"format": None, "width": None, "height": None, "frames": None}
    if reason == "cannot_read":
        row |= {"file_bytes": None, "seconds": 0}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--pictures")
    args = parser.parse_args()
    made = rows(args.rows, thumbnails(args.pictures))
    run = {
        "version": "0.1.0", "command": "headshot prepare --out-dir photos --report report.html '</script>\u202e' uploads/*",
        "began": "2026-11-25T19:40:00Z", "seconds": 134.2, "jobs": 2, "stopped": False,
    }
    # As in a script's text nothing else may stand.
    written = [json.dumps(row, ensure_ascii=False).replace("<", "\\u003c") for row in made]
    folder = ROOT / "src/bin/headshot/report"
    template = (folder / "page.html").read_text()
    for place, name in ("{{style}}\n", "page.css"), ("{{script}}\n", "page.js"):
        template = template.replace(place, (folder / name).read_text())
    start, middle, end = re.fullmatch(r"(.*\n)\{\{rows\}\}(\n.*\n)\{\{run\}\}(\n.*)", template, re.S).groups()
    run = json.dumps(run, ensure_ascii=False).replace("<", "\\u003c")
    Path(args.output).write_text(start + ",\n".join(written) + middle + run + end, encoding="utf-8")


if __name__ == "__main__":
    main()
