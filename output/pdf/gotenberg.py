"""A conversion service as a PDF engine: Gotenberg, reached by its address over HTTP.

Papers of families are sent to it, so it has to lie on this computer or in the centre's own network; one
that lies elsewhere is refused unless the office says that it may. What comes back passes the same gate as any
PDF.

Source of the interface: gotenberg.dev, «Convert to PDF» (`POST /forms/libreoffice/convert`), «Health»,
«Version».
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import SplitResult, unquote, urlsplit

from ...core.i18n import tr
from .model import Converted, EngineFailure
from .running import failure_of, is_whole_pdf, result_names

_LARGEST = 256 * 2**20
_PAUSE = 1.0
_TRIES = 2
_PORTS = {"http": 80, "https": 443}


class _NoService(Exception):
    """The service could not be asked; ``code`` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Gotenberg:
    """A conversion service; its address is never told in any message, for it may hold a password.

    Attributes:
        outside: Whether it may lie outside of the centre's own network.
        seconds: How long one paper may take.
    """

    NAME = "gotenberg"

    address: str
    outside: bool = False
    archive: bool = False
    seconds: float = 120.0
    patience: float = 5.0

    @property
    def name(self) -> str:
        """Return ``gotenberg``."""
        return self.NAME

    @property
    def draws_all(self) -> bool:
        """Yes: behind it stands LibreOffice."""
        return True

    @property
    def takes_one(self) -> bool:
        """Yes: many threads may ask it at once."""
        return True

    def version(self) -> str:
        """Return the version that the service states; "" where it keeps it to itself."""
        try:
            status, body = self._asked("GET", "/version", seconds=self.patience)
        except _NoService:
            return ""
        told = body[:40].decode("ascii", "replace").strip()
        return told if status == 200 and told and all(s.isalnum() or s in ".-+" for s in told) else ""

    def available(self) -> bool:
        """Tell whether the service answers that it is well."""
        return self.why_not() is None

    def why_not(self) -> str | None:
        """Say what is lacking."""
        if not self.address:
            return tr("no address of a service is set: pdf.service in office.yaml, or PAPKA_GOTENBERG")
        try:
            status, _ = self._asked("GET", "/health", seconds=self.patience)
        except _NoService as error:
            return _texts()[error.code]
        return None if status == 200 else _texts()["service_unwell"]

    def convert(self, documents: Sequence[Path], into: Path) -> list[Converted]:
        """Let the service draw papers, one after another."""
        into.mkdir(parents=True, exist_ok=True)
        names = result_names(documents)
        return [self._drawn(source, into / name) for source, name in zip(documents, names, strict=True)]

    def _drawn(self, source: Path, target: Path) -> Converted:
        from ..package import PackageFault, open_package

        try:
            paper = source.read_bytes()
            open_package(paper)
        except PackageFault as fault:
            return Converted(source, None, EngineFailure("bad_file", str(fault)))
        except OSError as error:
            return Converted(source, None, failure_of(error, reading=True))
        try:
            target.write_bytes(self._converted(paper))
        except _NoService as error:
            return Converted(source, None, _failure(error.code))
        except OSError as error:
            return Converted(source, None, failure_of(error))
        if is_whole_pdf(target):
            return Converted(source, target)
        return Converted(source, None, _failure("service_no_pdf"))

    def _converted(self, paper: bytes) -> bytes:
        # The paper goes under a plain name: its own may be a family's.
        fields = {"exportFormFields": "false", "updateIndexes": "false"}
        if self.archive:
            fields |= {"pdfa": "PDF/A-2b"}
        kind, body = _multipart(fields, "paper.docx", paper)
        for attempt in range(_TRIES):
            status, answer = self._asked("POST", "/forms/libreoffice/convert", kind, body)
            if status == 200:
                return answer
            if status not in (429, 503) or attempt + 1 == _TRIES:
                break
            time.sleep(_PAUSE)
        raise _NoService(_code_of(status))

    def _asked(
        self, method: str, path: str, kind: str = "", body: bytes | None = None, seconds: float | None = None
    ) -> tuple[int, bytes]:
        """Ask the service once; nothing is sent before it is known where it lies."""
        where = _split(self.address)
        deadline = time.monotonic() + (seconds or self.seconds)
        headers = _headers(where) | ({"Content-Type": kind} if kind else {})
        connection = self._connected(where, seconds or self.patience)
        try:
            connection.request(method, where.path.rstrip("/") + path, body=body, headers=headers)
            assert connection.sock is not None
            connection.sock.settimeout(max(0.1, deadline - time.monotonic()))
            response = connection.getresponse()
            return response.status, _read(response, deadline)
        except TimeoutError:
            raise _NoService("service_timeout") from None
        except (OSError, http.client.HTTPException):
            raise _NoService("service_broke_off") from None
        finally:
            connection.close()

    def _connected(self, where: SplitResult, seconds: float) -> http.client.HTTPConnection:
        host, port = where.hostname or "", where.port or _PORTS[where.scheme]
        try:
            plain = socket.create_connection((host, port), timeout=seconds)
        except OSError:
            raise _NoService("service_away") from None
        try:
            # Of the connection itself, not of the name: that may lead elsewhere a moment later.
            if not self.outside and not is_own(plain.getpeername()[0]):
                raise _NoService("service_outside")
            plain.settimeout(self.seconds)
            if where.scheme == "https":
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except ssl.SSLError:
            plain.close()
            raise _NoService("service_untrusted") from None
        except OSError:
            plain.close()
            raise _NoService("service_broke_off") from None
        except _NoService:
            plain.close()
            raise
        connection = http.client.HTTPConnection(host, port)
        connection.sock = plain
        return connection


def is_own(address: str) -> bool:
    """Tell whether an address of the network lies on this computer or in a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    if mapped.is_loopback:
        return True
    if mapped.is_unspecified or mapped.is_multicast or mapped.is_reserved:
        return False
    return bool(mapped.is_private or mapped.is_link_local)


def _split(address: str) -> SplitResult:
    try:
        where = urlsplit(address)
        _ = where.port  # raises where it is no number
        if where.scheme in _PORTS and where.hostname and not where.query:
            return where
    except ValueError:
        pass
    raise _NoService("service_no_address")


def _headers(where: SplitResult) -> dict[str, str]:
    found = {"Host": where.netloc.rpartition("@")[2], "Accept": "application/pdf, */*"}
    if where.username is not None:
        who = f"{unquote(where.username)}:{unquote(where.password or '')}"
        found["Authorization"] = "Basic " + base64.b64encode(who.encode()).decode("ascii")
    return found


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read an answer: no longer than there is time, no more than a paper can be."""
    parts, size = [], 0
    while part := response.read1(2**16):
        size += len(part)
        if size > _LARGEST:
            raise _NoService("service_no_pdf")
        if time.monotonic() > deadline:
            raise TimeoutError
        parts.append(part)
    with suppress(ValueError):
        if (told := response.getheader("Content-Length")) and int(told) != size:
            raise _NoService("service_broke_off")
    return b"".join(parts)


def _multipart(fields: Mapping[str, str], name: str, content: bytes) -> tuple[str, bytes]:
    """Return the type and the body of a form with a file."""
    border = f"papka-{token_hex(16)}"
    parts = []
    for field, value in fields.items():
        head = f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'
        parts.append(head.encode("ascii") + value.encode() + b"\r\n")
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document\r\n\r\n"
    )
    parts.append(head.encode("ascii") + content + f"\r\n--{border}--\r\n".encode("ascii"))
    return f"multipart/form-data; boundary={border}", b"".join(parts)


def _code_of(status: int) -> str:
    known = {
        400: "service_refused",
        401: "service_closed",
        403: "service_closed",
        404: "service_other",
        405: "service_other",
        413: "service_too_large",
        415: "service_other",
        429: "service_busy",
        503: "service_busy",
        504: "service_timeout",
    }
    return known.get(status, "service_unwell" if status >= 500 else "service_other")


def _failure(code: str) -> EngineFailure:
    words = tr("There is no PDF of this paper: {reason}.")
    return EngineFailure(code, words.format(reason=_texts()[code]))


def _texts() -> dict[str, str]:
    return {
        "service_no_address": tr("the address of the conversion service is no address: http://…:3000"),
        "service_away": tr("the conversion service does not answer at its address"),
        "service_outside": tr(
            "the conversion service lies outside of your own network, and papers of families would leave it; "
            "if that is meant, the office says so: pdf.outside: true"
        ),
        "service_untrusted": tr("the certificate of the conversion service is not trusted on this computer"),
        "service_broke_off": tr("the conversion service broke the connection off"),
        "service_timeout": tr("the conversion service did not finish in time"),
        "service_busy": tr("the conversion service is busy or starting"),
        "service_unwell": tr("the conversion service says that it is not well"),
        "service_closed": tr("the conversion service asks for another name or password"),
        "service_other": tr("at the address of the conversion service answers something else"),
        "service_too_large": tr("the paper is too large for the conversion service"),
        "service_refused": tr("the conversion service could not read this paper"),
        "service_no_pdf": tr("the conversion service sent back no whole PDF"),
    }
