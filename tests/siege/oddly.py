"""Every command, started oddly: odd words on its command line, an odd environment, odd things for files, no streams.

No word names a place of the computer itself where something could be written: these shots may be fired by root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from . import others, packages
from .cases import SOUND
from .firing import Shot

X = "{x}"
"""Where an odd word stands."""

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("anonymise", X, "a.yaml"), ("anonymise", "KRG-1", X), ("backup", X), ("backup", "--check", X), ("backup", "--to", X), ("batch", X, "-d", "krg_application"), ("batch", "--list", X, "-d", "krg_application"),
    ("batch", "--where", X, "-d", "krg_application"), ("batch", "-d", X), ("batch", "-d", "krg_application", "--into", X), ("batch", "--report", X, "-d", "krg_application"), ("batch", "--due", "--by", X), ("check", X),
    ("check", "KRG-1", X), ("demo", X), ("destroy", X, "--reason", "term", "--yes"), ("doctor", X), ("due", X), ("due", "--on", X), ("edit", X), ("export", X, "--out", "o.age", "--passphrase"), ("export", "KRG-1", "--out", X, "--to", "age1x"),
    ("export", "KRG-1", "--out", "o.age", "--to", X), ("export", X, "--open", "--identity", X, "--out", "new"), ("form", "blank", X), ("form", "blank", "closing", "--out", X), ("form", "blank", "closing", "--spare", X),
    ("form", "fill", X, "closing", "--plain"), ("form", "fill", "KRG-1", X, "--plain"), ("form", "list", X), ("form", "open", X, "closing", "--no-window"), ("form", "open", "KRG-1", X, "--no-window"), ("form", "read", X),
    ("form", "read", "closing.docx", "--case", X), ("form", "read", "closing.docx", "--take", X), ("form", "schema", "--out", X), ("import", X), ("import", "x.csv", "--map", X), ("import", "x.csv", "--sheet", X), ("import", "x.csv", "--programme", X),
    ("init", X), ("init", "here", "--title", X), ("issue", X, "krg_application"), ("issue", "KRG-1", X), ("issue", "KRG-1", "krg_application", "--on", X), ("issue", "KRG-1", "krg_request_card", "--correct", X), ("journal", X), ("journal", "--case", X),
    ("journal", "--since", X), ("journal", "--void", X, "ABC"), ("names", X), ("new", X, "--plain"), ("new", "N-1", "--programme", X, "--plain"), ("packet", X), ("packet", "KRG-1", X), ("packet", "KRG-1", "--all", "--out", X, "--engine", "rdocx"),
    ("packet", "KRG-1", "--all", "--day", X), ("plugin", "accept", X), ("plugin", "bundle", X, "--offline"), ("plugin", "bundle", "--show", X), ("plugin", "check", X), ("plugin", "diff", X, X), ("plugin", "examples", X), ("plugin", "install", X, "--offline", "--yes"),
    ("plugin", "install", "-r", X, "--offline", "--yes"), ("plugin", "new", X, "--defaults"), ("plugin", "new", "brook", "--into", X, "--defaults"), ("plugin", "new", "brook", "--title", X, "--defaults"), ("plugin", "prove", X), ("plugin", "uninstall", X, "--yes"),
    ("plugin", "update", X), ("plugins", "--outdated", "--from", X), ("render", X, "krg_application"), ("render", "KRG-1", X), ("render", "KRG-1", "krg_application", "--into", X), ("render", "KRG-1", "krg_application", "--on", X), ("report", X),
    ("report", "com_register_requests", "--into", X), ("report", "com_register_requests", "--period", X), ("restore", X, "new"), ("restore", "x.zip", X), ("scan", "attach", X), ("scan", "status", X), ("sign", X), ("sign", "x.pdf", "--p12", X), ("sign", "x.pdf", "--detached", X),
    ("sign", "x.pdf", "--provider", X), ("status", X), ("template", "check", X), ("template", "check", "templates/krg_ipss.docx", "--word", X), ("template", "diff", X, "krg_ipss"), ("template", "fields", X), ("template", "fields", "--find", X, "--programme", "kurgan_ipss"),
    ("template", "fields", "--word", X, "--programme", "kurgan_ipss"), ("template", "fix", X, "y.docx"), ("template", "fix", "templates/krg_ipss.docx", X), ("template", "list", "--programme", X), ("template", "override", X), ("template", "preview", X), ("template", "upgrade", X),
    ("template", "preview", "templates/krg_ipss.docx", "--out", X, "--engine", "rdocx"), ("upgrade", "--out", X), ("verify", X), ("why", X, "семья"), ("why", "krg_application", X, "--case", "KRG-1"), (X,), ("--safe", X), ("status", "--json", X),
)  # fmt: skip
"""Each command with an odd word in each of its places."""

WORDS: dict[str, str] = {
    "empty": "", "space": " ", "long": "я" * 10_000, "dash": "-", "dashes": "--", "option": "--evil=1", "up": "../../../../evil", "dot": ".", "proc": "/proc/self/environ", "dev": "odd/dev",
    "surrogate": "\udcff\udcfe", "rtl": "\u202eexcod.evil", "zero": "\u200b", "newline": "a\nb", "escape": "\x1b]0;x\x07\x1b[2J", "glob": "**/*", "star": "cases/*", "tilde": "~root",
    "braces": "{0.__class__}{x}", "percent": "%s%n%(x)s", "tag": "{{ 7*7 }}", "number": "9" * 5_000, "minus": "-99999999999999999999", "day": "9999-12-31", "first": "0001-01-01", "no_day": "2025-02-30", "arabic": "٢٠٢٥-٠١-٠١", "quote": "'\"`$(touch pwned)",
    "url": "http://127.0.0.1:1/x", "unc": "\\\\host\\share", "device": "CON", "case": "cases/KRG-1/case.yaml", "folder": "cases", "journal": "journal.db", "expression": "().__class__.__base__", "deep": "a" + ".b" * 3_000, "nested": "(" * 2_000,
    "pipe": "odd/pipe", "circle": "odd/circle", "loop": "odd/loop", "no_right": "odd/no_right", "bytes": "odd/bytes.yaml", "utf16": "odd/utf16.yaml", "bom": "odd/bom.yaml", "nul": "odd/nul.yaml", "large": "odd/large.yaml", "docx": "odd/x.docx", "zip": "odd/x.zip",
    "inside": "journal.db/x", "below": "nowhere/at/all/x", "json": "odd/deep.json", "link_out": "odd/out/x",
}  # fmt: skip

AROUND: dict[str, dict[str, str]] = {
    "home_gone": {"HOME": "/proc/nowhere", "XDG_CACHE_HOME": ""}, "home_file": {"HOME": "/etc/passwd", "XDG_CACHE_HOME": ""}, "home_odd": {"HOME": "/proc/1", "XDG_CACHE_HOME": "/proc/1/x"},
    "cache_relative": {"XDG_CACHE_HOME": "cache"}, "cache_null": {"XDG_CACHE_HOME": "/dev/null"}, "c": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}, "dumb": {"TERM": "dumb", "COLUMNS": "1", "LINES": "1"},
    "narrow": {"COLUMNS": "-5"}, "wide": {"COLUMNS": "999999999"}, "word": {"COLUMNS": "x", "TERM": "x" * 5_000}, "tmp_gone": {"TMPDIR": "/nowhere"}, "tmp_file": {"TMPDIR": "/etc/passwd"}, "tongue": {"PAPKA_LANG": "../../x"}, "tongues": {"PAPKA_LANG": "x" * 9_000},
    "load": {"PAPKA_LOAD_PLUGINS": "../../evil,os"}, "load_none": {"PAPKA_LOAD_PLUGINS": ""}, "journal_url": {"PAPKA_JOURNAL": "evil://x"}, "zone": {"TZ": "../../../../etc/passwd"}, "zone_odd": {"TZ": ":/dev/zero"}, "zone_word": {"TZ": "x" * 500},
    "path": {"PATH": ""}, "editor": {"EDITOR": "", "VISUAL": ""}, "engine": {"PAPKA_GOTENBERG": "file:///etc/passwd"}, "color": {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "safe": {"PAPKA_SAFE": "x"}, "gone": {"SIEGE": "gone"},
    "no_streams": {"SIEGE": "closed 0 1 2"}, "no_in": {"SIEGE": "closed 0"}, "no_out": {"SIEGE": "closed 1"}, "full": {"SIEGE": "full"}, "broken": {"SIEGE": "broken"},
}  # fmt: skip

ORDINARY: tuple[tuple[str, ...], ...] = (
    ("status",), ("check", "KRG-1"), ("due",), ("journal",), ("doctor",), ("plugins",), ("render", "KRG-1", "krg_application", "--into", "out"), ("issue", "KRG-1", "krg_application", "--no-pdf"), ("report", "com_register_requests"), ("form", "list", "KRG-1"),
    ("form", "fill", "KRG-1", "closing", "--plain"), ("form", "blank", "closing", "--out", "b.docx"), ("template", "check", "--all"), ("template", "list"), ("new", "N-1", "--plain"), ("backup", "../b.zip"), ("edit", "KRG-1"), ("demo", "d"), ("init", "i"),
    ("packet", "KRG-1", "--all", "--engine", "rdocx"), ("anonymise", "KRG-1", "a.yaml"), ("names", "KRG-1"), ("export", "KRG-1", "--out", "o.age", "--passphrase"), ("scan", "status"), ("form", "schema"), ("template", "fields", "--programme", "kurgan_ipss"), ("--help",), ("form", "--help"),
    ("plugin", "new", "brook", "--defaults"), ("upgrade",), ("destroy", "KRG-1", "--reason", "withdrawal"), ("render", "KRG-1", "krg_application", "--pdf", "--engine", "rdocx", "--into", "out"),
)  # fmt: skip


def shots() -> Iterator[Shot]:
    """Each command with each odd word in turn; each ordinary one in some odd surroundings."""
    odd: dict[str, bytes | Callable[[Path], object]] = {
        "odd/pipe": others.PUTS["pipe"], "odd/circle": others.PUTS["circle"], "odd/dev": others.PUTS["zeros"], "odd/loop": lambda path: path.symlink_to(".."), "odd/no_right": others.PUTS["no_right"], "odd/bytes.yaml": bytes(range(256)) * 9, "odd/utf16.yaml": SOUND.encode("utf-16"),
        "odd/bom.yaml": SOUND.encode("utf-8-sig"), "odd/nul.yaml": SOUND.encode() + b"\0", "odd/large.yaml": b"a: " + b"x" * 11_000_000, "odd/x.docx": packages.paper(), "odd/x.zip": packages.packed({"a": b"b"}), "odd/deep.json": b"[" * 90_000,
        "odd/out": lambda path: path.symlink_to("/nowhere"), "x.csv": "Фамилия;Имя\nИкс;Вера\n".encode(), "x.pdf": b"%PDF-1.7\n", "x.zip": b"PK",
    }  # fmt: skip
    for number, words in enumerate(COMMANDS):
        for place, (name, odd_word) in enumerate(WORDS.items()):
            # Each word meets each command of its own kind at least once; what a word names lies there.
            if (number + place) % 3 and name not in _ALWAYS:
                continue
            said = tuple(odd_word if one == X else one for one in words)
            yield Shot(f"oddly/{'_'.join(one for one in words if one != X)}/{name}", said, odd, office=True)
    for number, words in enumerate(ORDINARY):
        for place, (name, environ) in enumerate(AROUND.items()):
            if (number + place) % 2 == 0 or "SIEGE" in environ:
                yield Shot(f"around/{'_'.join(words[:2])}/{name}", words, {}, environ=environ, office=True)


_ALWAYS = ("empty", "up", "surrogate", "pipe", "folder", "dash")
