"""The jobs: which picture becomes what. All arithmetic is done here, once.

Every tool is to make the photo that headshot makes: the longest edge of what is taken,
brought into 512..=1024, is the side of a square, with the picture in its middle.
"""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, JpegImagePlugin

QUALITY = 85
CROP = 1000  # edge of the square that is cut out of the middle

Image.MAX_IMAGE_PIXELS = None

_ORIENTATION = 0x0112
_SAMPLINGS = {0: " 4:4:4", 1: " 4:2:2", 2: " 4:2:0"}


@dataclass(frozen=True)
class Upload:
    """A file, and what its headers say."""

    path: Path
    bytes: int
    format: str
    size: tuple  # width and height, as displayed
    upright: bool  # stored as displayed
    to_srgb: bool  # its colours aren't sRGB
    frames: int
    kind: str  # for people


@dataclass(frozen=True)
class Job:
    """A photo to be made."""

    upload: Upload
    format: str
    crop: tuple | None = None  # left, top and edge of a square, as displayed

    @property
    def name(self):
        changed = "" if self.format == self.upload.format else f"-to-{self.format}"
        return f"{self.upload.path.name}{changed}{'-crop' if self.crop else ''}"

    @property
    def title(self):
        """What goes in and what comes out."""
        width, height = self.upload.size
        taken = f"{CROP} × {CROP} of " if self.crop else ""
        made = "" if self.crop else f" {self.side} × {self.side}"
        return f"{self.upload.kind}, {taken}{width} × {height}, to {self.format.upper()}{made}"

    @property
    def animated(self):
        return self.format == "gif"

    @property
    def taken(self):
        return (CROP, CROP) if self.crop else self.upload.size

    @property
    def side(self):
        return min(max(*self.taken, 512), 1024)

    @property
    def picture(self):
        """Width and height of the picture on the photo; halves are rounded up."""
        longest = max(self.taken)
        return tuple(max((edge * self.side + longest // 2) // longest, 1) for edge in self.taken)

    @property
    def corner(self):
        """Left and top of the picture on the photo."""
        return tuple((self.side - edge) // 2 for edge in self.picture)

    @property
    def resized(self):
        return self.picture != self.taken

    def told(self, out):
        """What a worker is told; see serve.py."""
        return {
            "path": str(self.upload.path),
            "source": self.upload.size,
            "format": self.format,
            "crop": self.crop,
            "picture": self.picture,
            "side": self.side,
            "quality": QUALITY,
            "animated": self.animated,
            "to_srgb": self.upload.to_srgb,
            "out": out and str(out),
        }


def of(path):
    """What can be done with a file: whole, and cut or in another format."""
    upload = look(path)
    match upload.format:
        case "jpeg":
            yield Job(upload, "jpeg")
            if min(upload.size) >= CROP:
                left, top = ((edge - CROP) // 2 for edge in upload.size)
                yield Job(upload, "jpeg", (left, top, CROP))
        case "png":
            yield Job(upload, "png")
            yield Job(upload, "jpeg")
        case "gif":
            yield Job(upload, "gif" if upload.frames > 1 else "png")


def look(path):
    with Image.open(path) as image:
        turn = image.getexif().get(_ORIENTATION, 1)
        name = image.format.lower()
        frames = getattr(image, "n_frames", 1)
        return Upload(
            path=path,
            bytes=path.stat().st_size,
            # An MPO is a JPEG, with others behind it that nobody looks at.
            format="jpeg" if name == "mpo" else name,
            size=image.size[::-1] if turn >= 5 else image.size,
            upright=turn <= 1,
            to_srgb=_has_other_profile(image),
            frames=1 if name == "mpo" else frames,
            kind=_kind(image, frames),
        )


def _has_other_profile(image):
    profile = image.info.get("icc_profile")
    if not profile:
        return False
    opened = ImageCms.getOpenProfile(io.BytesIO(profile))
    return "srgb" not in ImageCms.getProfileDescription(opened).lower()


def _kind(image, frames):
    if image.format in ("JPEG", "MPO"):
        progressive = " progressive" if image.info.get("progressive") else ""
        sampling = _SAMPLINGS.get(JpegImagePlugin.get_sampling(image), "")
        return f"JPEG{progressive}{sampling}"
    return image.format if frames == 1 else f"{image.format} of {frames} frames"
