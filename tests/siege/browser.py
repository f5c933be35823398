"""The form in the browser under siege: what any page, any program of this computer and the page itself can send."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .cases import SIGNS
from .firing import CANARY
from .state import BENT, RAW, bent


@dataclass(frozen=True)
class Open:
    """A form that is served.

    Attributes:
        port: Where.
        base: The path under which all is served.
        cookie: What lets in.
    """

    port: int
    base: str
    cookie: str

    @property
    def inside(self) -> str:
        """The headers of the page itself."""
        return f"Host: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"

    def ask(self, raw: bytes, seconds: float = 20) -> bytes:
        """Send bytes, and return all that comes until the other side has nothing more to say."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as line:
            with suppress(OSError):  # it may have been refused before all was sent
                line.sendall(raw)
                line.shutdown(socket.SHUT_WR)
            said = b""
            with suppress(OSError):
                while got := line.recv(65_536):
                    said += got
            return said

    def post(self, body: bytes, more: str = "") -> bytes:
        """Send a body as the page does."""
        head = f"POST {self.base}do HTTP/1.1\r\n{self.inside}Origin: http://127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
        return self.ask(f"{head}{more}Content-Length: {len(body)}\r\n\r\n".encode() + body)


@contextmanager
def served(office: Path, cache: Path) -> Iterator[tuple[Open, list[str]]]:
    """Serve a form; the list holds in the end all that papka has said meanwhile."""
    environ = os.environ | {
        "PAPKA_LANG": "en",
        "PYTHONUTF8": "1",
        "XDG_CACHE_HOME": str(cache),
        "PYTHONUNBUFFERED": "1",
    }
    words = ("form", "open", "KRG-1", "closing", "--no-window")
    process = subprocess.Popen(
        [sys.executable, "-m", "papka.core", *words], cwd=office, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )  # fmt: skip
    said: list[str] = []
    try:
        assert process.stdout
        while not (found := re.search(r"http://\S+", said[-1] if said else "")):
            said.append(process.stdout.readline())
            assert said[-1], said
        parts = urlsplit(found[0])
        assert parts.port
        door = Open(parts.port, parts.path, "")
        answer = door.ask(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
        cookie = re.search(rb"Set-Cookie: (papka=[^;]+)", answer)
        assert cookie
        yield Open(parts.port, parts.path, cookie[1].decode()), said
    finally:
        process.send_signal(signal.SIGINT)
        said.append(process.communicate(timeout=60)[0])


def strangers(door: Open) -> Iterator[tuple[str, bytes]]:
    """What comes without the right to come in; the answer may hold nothing of the form."""
    host, at = f"Host: 127.0.0.1:{door.port}\r\n", door.base
    for name, path in {
        "root": "/", "state": f"{at}state", "up": f"{at}../state", "dots": f"{at}%2e%2e/%2e%2e/etc/passwd", "file": f"{at}../../../../etc/passwd", "null": f"{at}state%00",
        "double": f"/{at}state", "absolute": f"http://127.0.0.1:{door.port}{at}state", "ipv6": "http://[", "key": f"{at}?key=", "keys": f"{at}?" + "key=x&" * 5_000,
        "odd_key": f"{at}?key=%ff%fe%00", "long": f"{at}{'x' * 60_000}", "backslash": f"{at.replace('/', chr(92))}state", "star": "*", "odd": f"{at}\x01\x7f",
    }.items():  # fmt: skip
        yield f"path/{name}", f"GET {path} HTTP/1.1\r\n{host}\r\n".encode("latin-1")
    for name, more in {
        "host_evil": f"Host: evil.example:{door.port}\r\nCookie: {door.cookie}\r\n", "host_none": f"Cookie: {door.cookie}\r\n", "host_name": f"Host: localhost:{door.port}\r\nCookie: {door.cookie}\r\n",
        "host_two": f"Host: evil.example\r\n{host}Cookie: {door.cookie}\r\n", "cookie_half": f"{host}Cookie: {door.cookie[:-1]}\r\n", "cookie_empty": f"{host}Cookie: papka=\r\n",
        "cookie_odd": f"{host}Cookie: papka=\xff\xfe; ;;=;\x01\r\n", "cookie_long": f"{host}Cookie: {'papka=x; ' * 6_000}\r\n", "headers": host + "".join(f"X{n}: 1\r\n" for n in range(300)),
        "header_long": f"{host}X: {'x' * 100_000}\r\n", "folded": f"{host} folded\r\n", "no_colon": f"{host}evil\r\n",
    }.items():  # fmt: skip
        yield f"header/{name}", f"GET {at}state HTTP/1.1\r\n{more}\r\n".encode("latin-1")
    body = b'{"deeds": [{"do": "stop"}]}'
    right = {
        "Host": f"127.0.0.1:{door.port}",
        "Origin": f"http://127.0.0.1:{door.port}",
        "Cookie": door.cookie,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    for name, changed in {
        "origin_evil": {"Origin": "http://evil.example"}, "origin_null": {"Origin": "null"}, "origin_prefix": {"Origin": f"http://127.0.0.1:{door.port}.evil"}, "origin_none": {"Origin": None},
        "form": {"Content-Type": "application/x-www-form-urlencoded"}, "multipart": {"Content-Type": "multipart/form-data; boundary=x"}, "plain": {"Content-Type": "text/plain"},
        "no_type": {"Content-Type": None}, "too_long": {"Content-Length": "99999999999"}, "digits": {"Content-Length": "9" * 6_000}, "minus": {"Content-Length": "-1"},
        "word": {"Content-Length": "x"}, "arabic": {"Content-Length": "٢٧"}, "no_length": {"Content-Length": None}, "chunked": {"Content-Length": None, "Transfer-Encoding": "chunked"},
        "stranger": {"Cookie": "papka=guess"},
    }.items():  # fmt: skip
        told = "".join(
            f"{key}: {value}\r\n" for key, value in {**right, **changed}.items() if value is not None
        )
        yield f"post/{name}", f"POST {at}do HTTP/1.1\r\n{told}\r\n".encode() + body
    for name, raw in {
        "empty": b"", "lines": b"\r\n" * 1_000, "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "noise": bytes(range(256)) * 40, "old": f"GET {at}state\r\n".encode(), "newer": f"GET {at}state HTTP/9.9\r\n\r\n".encode(),
        "method": f"DELETE {at}state HTTP/1.1\r\n{host}\r\n".encode(), "options": f"OPTIONS {at}do HTTP/1.1\r\n{host}Origin: http://evil.example\r\n\r\n".encode(), "line": b"GET " + b"/" * 200_000,
    }.items():  # fmt: skip
        yield f"raw/{name}", raw


def deeds() -> Iterator[tuple[str, bytes]]:
    """What the page itself could be made to send; whatever it is, the form stays open and whole."""
    for name, raw in RAW.items():
        if len(raw) < 3_000_000:
            yield f"body/{name}", raw
    place = ["closure", "farewell_on"]
    sound = {"deeds": [{"do": "answer", "place": place, "value": "17.06.2026"}]}
    for name, data in bent(sound, 12):
        yield f"deed/{name}", json.dumps(data).encode()
    for what in ("unknown", "add", "remove", "settle", "nothing"):
        for name, value in list(BENT.items())[::3]:
            told = {"do": what, "place": value, "part": value, "number": value, "of": value, "take": value}
            yield f"{what}/{name}", json.dumps({"deeds": [told]}).encode()
    for name, text in SIGNS.items():
        told = {
            "do": "answer",
            "place": ["closure", "farewell", "original_request"],
            "value": json.loads(f'"{text}"') if text == "\\ud800" else text,
        }
        yield f"sign/{name}", json.dumps({"deeds": [sound["deeds"][0], told]}).encode()


def besieged(office: Path, cache: Path, *, some: int) -> list[str]:
    """Fire all at a form; return what was wrong.

    Args:
        some: Of what the page could send, each so-many-th is sent.
    """
    wrong = []
    with served(office, cache) as (door, said):
        for name, raw in strangers(door):
            answer = door.ask(raw)
            status = answer.split(b" ")[1:2]
            if not answer and not name.startswith("raw/"):
                wrong.append(f"{name}: no answer")
            if (
                CANARY.encode() in answer
                or b"Finish" in answer
                or b'"parts"' in answer
                or status[:1] in ([b"200"], [b"500"])
            ):
                wrong.append(f"{name}: {answer[:80]!r}")
        for number, (name, body) in enumerate(deeds()):
            if number % some == 0:
                status = door.post(body).split(b" ")[1:2]
                if status not in ([b"200"], [b"400"], [b"413"]):
                    wrong.append(f"{name}: {status}")
        state = door.ask(f"GET {door.base}state HTTP/1.0\r\n{door.inside}\r\n".encode())
        if b'"parts"' not in state:
            wrong.append("the form is not open any more")
    if any("Traceback" in one or "failed" in one for one in said):
        wrong.append(said[-1][-300:])
    return wrong
