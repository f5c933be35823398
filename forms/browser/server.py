"""The page and its answers over the loopback address of this computer, and nothing of them in a log."""

from __future__ import annotations

import json
import sys
import time
import webbrowser
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.oserrors import why
from .desk import Desk, Taken
from .door import HOST, Door
from .opening import Opening
from .page import STATIC, closed_door, page

_LARGEST = 4_000_000
_CLOSED, _QUIET = 15 * 60, 2 * 3600
"""Seconds: no sign of a page; no answer from one that stands open."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Server(ThreadingHTTPServer):
    """Serves one form to one person."""

    daemon_threads = True
    # On Windows this would let another program listen at the same place.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, room: Desk | Opening, door: Door) -> None:
        self.room, self.door = room, door
        self._moving = Lock()
        self.ended = Event()
        self._seen = self._answered = time.monotonic()
        try:
            super().__init__((HOST, door.port), _Handler)
        except OSError:
            # Another program is there by now.
            super().__init__((HOST, 0), _Handler)
        door.port = self.server_address[1]

    def server_bind(self) -> None:
        """Take the place, without asking the network what this computer is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that goes away is no fault, and a traceback may hold an answer."""

    def seen(self, *, answered: bool) -> None:
        """Note that a page is there."""
        self._seen = time.monotonic()
        if answered:
            self._answered = self._seen

    def do(self, deeds: Sequence[Any]) -> dict[str, Any]:
        """Do what a page asks; a case that it has opened gets its form in the same place.

        Raises:
            AskedWrongly: The page asks what there is not.
            Taken: The form was opened in another window.
        """
        room = self.room
        state = room.do(deeds)
        with self._moving:
            if isinstance(room, Opening) and room.filling is not None and self.room is room:
                filling, room.filling = room.filling, None
                desk = Desk(filling)
                desk.begin()
                self.door.remember(filling.draft.path.with_suffix(".door"))
                self.room = desk
        return state

    def run(self, *, window: bool = False) -> None:
        """Serve until the form is done, the person stops, or nobody is there any more.

        Args:
            window: Open the page in the browser of this computer.
        """
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.5}, daemon=True).start()
        try:
            if window:
                webbrowser.open(self.door.address)
            while not self.ended.wait(1):
                now = time.monotonic()
                if now - self._seen > _CLOSED or now - self._answered > _QUIET:
                    return
            # The last reply is on its way.
            time.sleep(0.3)
        finally:
            self.shutdown()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "papka", ""
    timeout = 120

    def log_message(self, format: str, *args: Any) -> None:
        """Keep no log."""

    def do_GET(self) -> None:
        door = self.server.door
        try:
            asked = urlsplit(self.path)
        except ValueError:
            return self._refuse(HTTPStatus.BAD_REQUEST)
        if not door.is_called(self.headers["Host"]) or not asked.path.startswith(door.base):
            return self._refuse(HTTPStatus.FORBIDDEN)
        key = parse_qs(asked.query).get("key")
        if key is not None and asked.path == door.base:
            return self._let_in(key[0])
        if not door.knows(self.headers["Cookie"]):
            return self._refuse(HTTPStatus.FORBIDDEN)
        self.server.seen(answered=False)
        return self._give(asked.path[len(door.base) :])

    def _let_in(self, key: str) -> None:
        door = self.server.door
        # Who is inside already and opens the address again is only shown the page.
        if not door.takes(key) and not door.knows(self.headers["Cookie"]):
            return self._refuse(HTTPStatus.FORBIDDEN)
        return self._reply(
            b"", "text/plain", HTTPStatus.SEE_OTHER, Location=door.base, **{"Set-Cookie": door.cookie}
        )

    def _give(self, name: str) -> None:
        room = self.server.room
        if name == "":
            self._reply(page(room.title).encode("utf-8"), "text/html")
        elif name in STATIC:
            kind, content = STATIC[name]
            self._reply(content(), kind)
        elif name == "state":
            self._json(room.whole())
        elif name == "alive":
            self._json({"version": room.version})
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        door = self.server.door
        right = (
            door.is_called(self.headers["Host"])
            and self.headers["Origin"] == door.origin
            and door.knows(self.headers["Cookie"])
            and self.headers.get_content_type() == "application/json"
            and self.path == f"{door.base}do"
        )
        if not right:
            self.close_connection = True
            return self._refuse(HTTPStatus.FORBIDDEN)
        self.server.seen(answered=True)
        return self._do()

    def _do(self) -> None:
        length = self.headers["Content-Length"] or ""
        if not length.isdecimal() or len(length) > len(str(_LARGEST)) or int(length) > _LARGEST:
            self.close_connection = True
            return self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            asked = json.loads(self.rfile.read(int(length)))
            state = self.server.do(asked["deeds"])
        except (AskedWrongly, ValueError, KeyError, TypeError, RecursionError):
            return self._refuse(HTTPStatus.BAD_REQUEST)
        except Taken:
            return self._refuse(HTTPStatus.CONFLICT)
        except (PapkaError, OSError) as error:
            # The disk is full or gone: the page keeps what was typed, and asks again.
            said = str(error) if isinstance(error, PapkaError) else why(error)
            return self._json({"fault": said}, HTTPStatus.INTERNAL_SERVER_ERROR)
        self._json(state)
        if state.get("written") or state.get("stopped"):
            self.server.ended.set()
        return None

    # --- replies ----------------------------------------------------------------------------------------

    def _json(self, data: Any, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._reply(json.dumps(data, ensure_ascii=False).encode("utf-8"), "application/json", status)

    def _refuse(self, status: HTTPStatus) -> None:
        self._reply(closed_door().encode("utf-8"), "text/html", status)

    def _reply(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def tell(desk: Desk) -> str:
    """Return how the form ended, for the terminal."""
    if desk.written:
        return tr("✓ Written: {file}").format(file=desk.filling.file)
    return tr("Stopped. All answers are kept.") if desk.leave() else tr("Nothing was answered.")
