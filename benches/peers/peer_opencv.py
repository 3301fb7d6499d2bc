"""OpenCV: decodes at a fraction of the size, shrinks by areas, and turns as EXIF says.

The fraction is the smallest that leaves half as many pixels again along each edge as
the picture will have, which is headshot's own rule.
"""

import cv2
import numpy as np

from serve import serve

cv2.setNumThreads(1)

# What there is, from the smallest fraction on.
REDUCED = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
}
SAMPLING = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420]


def prepare(upload, job):
    data = np.frombuffer(upload, np.uint8)
    if job.crop:
        left, top, edge = job.crop
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)[top : top + edge, left : left + edge]
    else:
        image = cv2.imdecode(data, fraction(job))
    return save(centred(resized(image, job), job), job)


def fraction(job):
    longest = max(job.source)
    for shrink, flag in REDUCED.items():
        if 2 * longest >= 3 * shrink * max(job.picture):
            return flag
    return cv2.IMREAD_COLOR


def resized(image, job):
    width, height = job.picture
    if image.shape[:2] == (height, width):
        return image
    method = cv2.INTER_AREA if image.shape[1] > width else cv2.INTER_LANCZOS4
    return cv2.resize(image, (width, height), interpolation=method)


def centred(picture, job):
    left, top = job.corner
    right, bottom = (
        job.side - edge - start for edge, start in zip(job.picture, job.corner, strict=True)
    )
    return cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_CONSTANT)


def save(canvas, job):
    _, photo = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, job.quality, *SAMPLING])
    return photo.tobytes()


serve({"OpenCV": cv2.__version__}, prepare)
