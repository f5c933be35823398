"""A conversion service as Gotenberg offers it: real HTTP and multipart in front of a real LibreOffice.

It is not Gotenberg itself, which comes as a container only: it speaks the part of its interface that papka uses
(gotenberg.dev, «Convert to PDF», «Health», «Version», «Errors») as its documentation says it.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from papka.output.pdf.libreoffice import find_soffice, fresh_profile


@dataclass
class Service:
    """A running service, and what it was asked for.

    Attributes:
        answers: What is answered instead of the next conversions: a status, or a function that answers.
        seen: The fields of each form that came; a file stands as its name and its bytes.
    """

    address: str = ""
    healthy: bool = True
    answers: list[int | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    seen: list[dict[str, str | tuple[str, bytes]]] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def running_service() -> Iterator[Service]:
    """Run a service on a free port of this computer."""
    service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            service.asked.append((self.path, self.headers["Authorization"]))
            if self.path == "/health":
                self.say(200 if service.healthy else 503, b'{"status":"up"}', "application/json")
            elif self.path == "/version":
                self.say(200, b"8.21.1", "text/plain")
            else:
                self.say(404, b"Not Found", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append((self.path, self.headers["Authorization"]))
            if self.path != "/forms/libreoffice/convert":
                self.say(404, b"Not Found", "text/plain")
                return
            form = _form(self.headers["Content-Type"], body)
            service.seen.append(form)
            answer = service.answers.pop(0) if service.answers else None
            if callable(answer):
                answer(self)
            elif answer is not None:
                self.say(answer, b"as the test wants it", "text/plain")
            else:
                pdf = _converted(form)
                if pdf is None:
                    self.say(400, b"LibreOffice could not read the document", "text/plain")
                else:
                    self.say(200, pdf, "application/pdf")

        def say(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _form(kind: str, body: bytes) -> dict[str, str | tuple[str, bytes]]:
    parsed = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, str | tuple[str, bytes]] = {}
    for part in parsed.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        file = part.get_filename()
        fields[name] = (file, content) if file else content.decode()
    return fields


def _converted(form: dict[str, str | tuple[str, bytes]]) -> bytes | None:
    file = form["files"]
    assert isinstance(file, tuple)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / file[0]).write_bytes(file[1])
        profile = fresh_profile(folder, archive=form.get("pdfa") == "PDF/A-2b")
        command = [str(find_soffice()), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder / "out"), str(folder / file[0])]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
        made = (folder / "out" / file[0]).with_suffix(".pdf")
        return made.read_bytes() if made.is_file() else None


def broken_off(handler: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"%PDF-1.7")
    handler.close_connection = True


def slow(handler: BaseHTTPRequestHandler) -> None:
    """Send a little, again and again, and never enough."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b"%")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    """Send whoever asks to another place."""
    handler.send_response(307)
    handler.send_header("Location", "http://127.0.0.1:9/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()
