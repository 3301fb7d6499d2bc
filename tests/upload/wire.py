"""Runs headshot against a server of its own, and compares what comes with what was meant."""

import email.parser
import email.policy
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from pathlib import Path

TOKEN = "xoxp-1.wire~test/token=="


class Service(http.server.BaseHTTPRequestHandler):
    """Says yes, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Service.seen.append((self.path, self.headers, body))
        answer = json.dumps({"ok": True, "profile": {"image_512": "https://p.example/512"}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def parts(content_type, body):
    """The fields of a form: (name, file name, type, bytes) each."""
    head = b"MIME-Version: 1.0\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n"
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    found = []
    for part in message.walk():
        same(part.defects, [], "defects")
        if part is message:
            same(part.get_content_type(), "multipart/form-data", "type of the form")
            continue
        same(part.get_content_disposition(), "form-data", "disposition")
        name = part.get_param("name", header="content-disposition")
        stated = part["Content-Type"] and part.get_content_type()
        found.append((name, part.get_filename(), stated, part.get_payload(decode=True)))
    same(message.preamble, None, "before the first part")
    same(message.epilogue, "", "behind the last part")
    return found


def same(got, expected, what):
    if got != expected:
        sys.exit(f"{what}: {str(got)[:300]} instead of {str(expected)[:300]}")


class Wire:
    def __init__(self, program, base, folder):
        self.program, self.base, self.folder = program, base, Path(folder)

    def run(self, *words, token=True):
        Service.seen.clear()
        environment = {"PATH": os.environ["PATH"]}
        if token:
            environment["SLACK_TOKEN"] = TOKEN
        return subprocess.run(
            [self.program, *map(str, words)],
            env=environment,
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def sent(self, method, in_body, *words):
        """Runs a command, and gives the one request for `method`, with its token checked."""
        place = ["--token-in-body"] if in_body else []
        output = self.run(*words, "--base", self.base, *place)
        same(TOKEN in output, False, "token in what is printed")
        asked = ["/api/users.profile.get"] if method == "users.setPhoto" else []
        same([path for path, _, _ in Service.seen], [*asked, f"/api/{method}"], "calls")
        for _, headers, body in Service.seen:
            same(headers["User-Agent"].startswith("headshot/"), True, "user agent")
            authorization = None if in_body else f"Bearer {TOKEN}"
            same(headers.get_all("Authorization") or [None], [authorization], "authorization")
        for _, headers, body in Service.seen[:-1] if asked else Service.seen:
            same(headers["Content-Type"], "application/x-www-form-urlencoded", "type of the form")
            form = urllib.parse.parse_qsl(body.decode("ascii"), strict_parsing=bool(body))
            same(form, [("token", TOKEN)] if in_body else [], "form")
        return Service.seen[-1]

    def upload(self, expected, in_body, *words):
        _, headers, body = self.sent("users.setPhoto", in_body, "upload", *words)
        token = [("token", None, None, TOKEN.encode())] if in_body else []
        found = parts(headers["Content-Type"], body)
        # A field comes with its bytes to the last, so that line ends in pictures are told
        # from those of the form.
        same(found, token + expected, f"parts of {words}")
        return len(found)


def main():
    program, good = sys.argv[1], Path(sys.argv[2])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/api"
    checked = 0
    with tempfile.TemporaryDirectory() as folder:
        wire = Wire(program, base, folder)
        for source, kind, media_type in [
            (good / "portrait_900x1200.jpg", "jpg", "image/jpeg"),
            (good / "gray_8_75x58.png", "png", "image/png"),
            (good / "anim_f3_160x120_loop3.gif", "gif", "image/gif"),
        ]:
            name = f"photo.{kind}"
            # Nothing of this name may get out.
            photo = wire.folder / f"J\u00e4ne \"Doe\"; filename=x.{kind}"
            wire.run("prepare", source, "-o", photo, token=False)
            image = ("image", name, media_type, photo.read_bytes())
            crop = [("crop_x", None, None, b"11"), ("crop_y", None, None, b"22")]
            crop.append(("crop_w", None, None, b"444"))
            for in_body in [False, True]:
                checked += wire.upload([image], in_body, source)
                checked += wire.upload([image], in_body, photo, "--as-is")
                square = ["--as-is", "--crop", "11,22,444"]
                checked += wire.upload([*crop, image], in_body, photo, *square)
            # Cut here, so that the service cuts nothing.
            cut = wire.folder / f"cut.{kind}"
            wire.run("prepare", photo, "-o", cut, "--crop", "11,22,444", token=False)
            image = ("image", name, media_type, cut.read_bytes())
            checked += wire.upload([image], False, photo, "--crop", "11,22,444")
        for in_body in [False, True]:
            wire.sent("users.deletePhoto", in_body, "delete")
            checked += 1
        # A dry run sends nothing, and needs no token.
        wire.run("upload", photo, "--dry-run", "--base", base, token=False)
        wire.run("delete", "--dry-run", "--base", base, token=False)
        same(Service.seen, [], "requests of a dry run")
    server.shutdown()
    print(f"{checked} parts and forms came as they were meant")


main()
