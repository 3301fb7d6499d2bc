"""Slack's client for Python, as a client of the endpoint: both that wait and that don't."""

import asyncio
import os
import struct
import urllib.request
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

BASE = os.environ["ENDPOINT"] + "/api/"
TESTDATA = Path(os.environ["TESTDATA"])
PORTRAIT = TESTDATA / "good" / "portrait_900x1200.jpg"
SQUARE = TESTDATA / "good" / "square_600x600.png"
ANIMATION = TESTDATA / "good" / "anim_f12_320x240_loop0.gif"
LONG_ANIMATION = TESTDATA / "good" / "anim_f100_2x2_loop0.gif"
DOCUMENT = TESTDATA / "bad" / "unknown_format-document.pdf"
SIZES = [24, 32, 48, 72, 192, 512, 1024]


def client(token):
    return WebClient(token=token, base_url=BASE)


def error(call):
    """The error that a call ends with."""
    try:
        answer = call()
    except SlackApiError as error:
        return error.response
    raise AssertionError(f"no error: {answer}")


def sets_and_deletes():
    me = client("xoxp-python")
    before = me.users_profile_get()["profile"]["avatar_hash"]

    # A file by its path, one that is open, and bytes.
    whole = me.users_setPhoto(image=str(PORTRAIT))["profile"]
    assert whole["avatar_hash"] != before
    with PORTRAIT.open("rb") as file:
        assert me.users_setPhoto(image=file)["profile"] == whole
    assert me.users_setPhoto(image=PORTRAIT.read_bytes())["profile"] == whole
    assert me.users_profile_get()["profile"] == whole
    for size in SIZES:
        width, height = png_or_jpeg_size(whole[f"image_{size}"])
        assert (width, height) == (size, size), (size, width, height)
    assert png_or_jpeg_size(whole["image_original"]) == (1024, 1024)

    cropped = me.users_setPhoto(image=str(PORTRAIT), crop_x=100, crop_y=250, crop_w=600)
    assert cropped["profile"]["avatar_hash"] != whole["avatar_hash"]
    assert png_or_jpeg_size(cropped["profile"]["image_original"]) == (600, 600)
    other = me.users_setPhoto(image=str(PORTRAIT), crop_x="250", crop_y="100", crop_w="600")
    assert other["profile"]["avatar_hash"] != cropped["profile"]["avatar_hash"]

    moving = me.users_setPhoto(image=str(ANIMATION))["profile"]
    assert fetch(moving["image_original"])[:4] == b"GIF8"
    assert me.users_deletePhoto()["ok"]
    assert me.users_profile_get()["profile"]["avatar_hash"] == before


def tells_errors():
    me = client("xoxp-python-errors")
    answer = error(lambda: me.users_setPhoto(image=str(DOCUMENT)))
    assert answer["error"] == "bad_image", answer
    assert "not a JPEG, PNG or GIF file" in answer["response_metadata"]["messages"][0]
    answer = error(lambda: me.users_setPhoto(image=str(LONG_ANIMATION)))
    assert answer["error"] == "too_many_frames", answer
    answer = error(lambda: me.users_setPhoto(image=bytes(33 << 20)))
    assert answer["error"] == "too_large", answer
    crops = [{"crop_x": 1}, {"crop_x": "a", "crop_y": 0, "crop_w": 9}, {"crop_x": 901, "crop_y": 0, "crop_w": 9}]
    for crop in crops:
        answer = error(lambda: me.users_setPhoto(image=str(PORTRAIT), **crop))
        assert answer["error"] == "invalid_arguments", answer
    bot = client("xoxb-python")
    for call in [lambda: bot.users_setPhoto(image=str(SQUARE)), bot.users_deletePhoto]:
        assert error(call)["error"] == "not_allowed_token_type"
    assert error(client("nonsense").users_deletePhoto)["error"] == "invalid_auth"
    assert error(WebClient(base_url=BASE).users_deletePhoto)["error"] == "not_authed"
    json = error(lambda: me.api_call("users.deletePhoto", json={}))
    assert json["error"] == "invalid_post_type", json


def is_slowed_down():
    me = client("xoxp-python-busy")
    for _ in range(20):
        assert me.users_deletePhoto()["ok"]
    answer = error(me.users_deletePhoto)
    assert (answer.status_code, answer["error"]) == (429, "ratelimited"), answer
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert me.users_setPhoto(image=str(SQUARE))["ok"]


async def sets_without_waiting():
    me = AsyncWebClient(token="xoxp-python-async", base_url=BASE)
    # This one sends a part without a type, and no numbers.
    crop = {"crop_x": "100", "crop_y": "250", "crop_w": "600"}
    answer = await me.users_setPhoto(image=str(PORTRAIT), **crop)
    waited = client("xoxp-python-async").users_setPhoto(image=str(PORTRAIT), **crop)
    assert answer["profile"] == waited["profile"]
    try:
        await me.users_setPhoto(image=str(DOCUMENT))
    except SlackApiError as error:
        assert error.response["error"] == "bad_image", error.response
    else:
        raise AssertionError("no error")
    assert (await me.users_deletePhoto())["ok"]


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def png_or_jpeg_size(url):
    """Width and height, from the header of the file."""
    file = fetch(url)
    if file.startswith(b"\x89PNG"):
        return struct.unpack(">II", file[16:24])
    at = 2
    while file[at + 1] not in (0xC0, 0xC2):
        at += 2 + int.from_bytes(file[at + 2 : at + 4], "big")
    height, width = struct.unpack(">HH", file[at + 5 : at + 9])
    return (width, height)


sets_and_deletes()
tells_errors()
is_slowed_down()
asyncio.run(sets_without_waiting())
print("slack_sdk: photos set, cropped, deleted and refused")
