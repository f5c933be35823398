"""Who may come in: one browser of this computer, by a key that is good once.

The key stands in the address that is opened and is void as soon as it was used; a cookie takes its place. Any
page of the internet can send a browser to an address of this computer, so the name under which papka was
called and the page that sends something are looked at too.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass, field
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from ...core.outside import json_of
from ...core.saving import make_private

HOST = "127.0.0.1"
_LASTS = 12 * 3600
"""Seconds for which a page that was left open is let in again after papka was killed and started anew."""


def _secret() -> str:
    return secrets.token_urlsafe(24)


@dataclass
class Door:
    """The door of one form.

    Attributes:
        port: Where it is; 0 until the server has one.
        base: The path under which all is served. A browser shows a cookie to every port of this computer, but
            only under its path.
        passes: What the cookie holds.
        key: The key of the address; empty when it was used.
    """

    port: int = 0
    base: str = field(default_factory=lambda: f"/{secrets.token_urlsafe(9)}/")
    passes: str = field(default_factory=_secret)
    key: str = field(default_factory=_secret)

    @property
    def origin(self) -> str:
        """The address of the server."""
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """The address that opens the form once."""
        return f"{self.origin}{self.base}?key={self.key}"

    def takes(self, key: str) -> bool:
        """Tell whether a key is right, and let it be void then."""
        right = bool(self.key) and compare_digest(key.encode(), self.key.encode())
        if right:
            self.key = ""
        return right

    @property
    def cookie(self) -> str:
        """The cookie that takes the place of the key."""
        return f"papka={self.passes}; Path={self.base}; HttpOnly; SameSite=Strict"

    def knows(self, cookies: str | None) -> bool:
        """Tell whether a request brings the cookie."""
        try:
            found = SimpleCookie(cookies or "").get("papka")
        except CookieError:
            return False
        return found is not None and compare_digest(found.value.encode(), self.passes.encode())

    def is_called(self, host: str | None) -> bool:
        """Tell whether papka was called by its own name, and not by one that leads here."""
        return host == f"{HOST}:{self.port}"

    # --- the same door after a fall ------------------------------------------------------------------------

    @classmethod
    def again(cls, file: Path) -> Door:
        """Return the door that a page may still stand before, with a new key; or a new door."""
        try:
            fresh = time.time() - file.stat().st_mtime < _LASTS
            kept = json_of(file) if fresh else {}
            return cls(int(kept["port"]), str(kept["base"]), str(kept["passes"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def remember(self, file: Path) -> None:
        """Write the door down, for its owner's eyes only."""
        make_private(file.parent)
        file.unlink(missing_ok=True)
        kept = json.dumps({"port": self.port, "base": self.base, "passes": self.passes})
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(kept.encode("ascii"))
