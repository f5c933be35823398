"""What papka keeps on the disk for itself and reads again: drafts, marks, cards, records. All of it is hostile here.

Whoever may write into an office's folder, and every program that breaks while it writes, can put anything there.
A hostile file is the sound one with one value bent, or no sound JSON at all.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .firing import CANARY, Shot

Files = Iterator[tuple[str, bytes]]

RAW: dict[str, bytes] = {
    "empty": b"", "nul": bytes(64), "words": b"words", "cut": b'{"papka": "form", "answers": [[["fam', "null": b"null", "list": b"[]", "number": b"7",
    "text": b'"x"', "true": b"true", "nan": b"NaN", "minus": b"-Infinity", "deep_list": b"[" * 100_000, "deep_closed": b"[" * 50_000 + b"]" * 50_000,
    "deep_map": b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "digits": b"9" * 60_000, "exponent": b"1e999999", "surrogate": b'{"papka": "\\ud800"}',
    "utf16": '{"papka": "form"}'.encode("utf-16"), "bom": b'\xef\xbb\xbf{"papka": "form"}', "bad_utf8": b'{"papka": "\xff\xfe"}', "raw_surrogate": b'"\xed\xa0\x80"',
    "twice": b'{"papka": "form", "papka": "card", "version": 1, "version": 2}', "long": b'"' + b"x" * 50_000_000 + b'"', "many": b"[" + b"{}," * 2_000_000 + b"{}]",
    "long_key": b'{"' + b"k" * 30_000_000 + b'": 1}', "yaml": b"papka: form\n", "pickle": b"\x80\x04cos\nsystem\n", "lines": b"{}\n" * 100_000,
}  # fmt: skip
"""What is no JSON, or JSON of no use."""

BENT: dict[str, Any] = {
    "null": None, "true": True, "minus": -1, "huge": 10**30, "float": 1e308, "nan": float("nan"), "empty": "", "up": "../../../../evil", "root": "/etc/passwd",
    "nul": "a\0b", "surrogate": "\ud800", "bidi": "\u202ex", "long": "x" * 70_000, "list": [], "map": {}, "lists": [[[]]], "maps": [{}], "deep": None,
    "canary": CANARY, "wide": ["x"] * 50_000, "far": ["family", "members", 10**12, "last_name"], "below": ["family", "members", -7, "last_name"],
    "tag": "{{ 7*7 }}", "colour": "\x1b[2J", "number": 7,
}  # fmt: skip
"""What stands in place of a right value."""
BENT["deep"] = json.loads("[" * 200 + "]" * 200)


def bent(sound: Any, ways: int) -> Iterator[tuple[str, Any]]:
    """Bend each value of sound data in some ways, others at each place, and take each key out.

    Returns:
        Where and how, and the data.
    """
    dice = random.Random(1)
    for place in list(_places(sound)):
        for name, value in dice.sample(list(BENT.items()), min(ways, len(BENT))):
            yield f"{_name(place)}={name}", _with(sound, place, value)
        if place:
            yield f"{_name(place)} out", _with(sound, place, _OUT)
    if isinstance(sound, dict):
        yield "unknown key", {**sound, "evil": 1}


_OUT = object()


def _places(data: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    if isinstance(data, dict):
        for key, one in data.items():
            yield from _places(one, (*at, key))
    elif isinstance(data, list):
        for number, one in enumerate(data[:3]):
            yield from _places(one, (*at, number))


def _name(place: tuple[str | int, ...]) -> str:
    return ".".join(map(str, place)) or "all"


def _with(sound: Any, place: tuple[str | int, ...], value: Any) -> Any:
    if not place:
        return value
    made = copy.deepcopy(sound)
    owner = made
    for step in place[:-1]:
        owner = owner[step]
    if value is _OUT:
        del owner[place[-1]]
    else:
        owner[place[-1]] = value
    return made


def files(sound: Any, wanted: int = 60) -> Files:
    """Return hostile files in place of one that holds sound data, of large data not each way at each place."""
    yield "sound", _bytes(sound)
    yield from RAW.items()
    for name, data in bent(sound, max(2, wanted // len(list(_places(sound))))):
        yield name, _bytes(data)


def _bytes(data: Any) -> bytes:
    return json.dumps(data).encode()


DRAFT = {
    "papka": "form", "version": 1, "form": "closing", "programme": "kurgan_ipss", "case_sha256": "0" * 64,
    "answers": [[["closure", "farewell_on"], "17.06.2026"], [["closure", "notice_on"], "16.06.2026"], [["family", "members", 0, "phone"], ["a", "b"]],
                [["closure", "farewell", "resources"], [{"a": "b"}]]],
    "unknown": [["closure", "final_on"]],
}  # fmt: skip
PLACE = {"place": ["closure", "farewell_on"], "text": "17.0", "by": "host:17"}
DOOR = {"port": 45123, "base": "/abcdefghijkl/", "passes": "x" * 32}
UPGRADE = {"to": 1, "files": [{"name": "cases/KRG-1/case.yaml", "before": "0" * 64, "after": "1" * 64}]}
BROUGHT = {"number": "0" * 64, "people": "1" * 64, "case": "KRG-1", "done": True}
BATCHED = {"key": "00" * 32, "papers": ["drafts/a.docx"], "count": 1, "refused": None}
TABLE = "Фамилия;Имя;Дата рождения;Адрес;Номер дела\nИкс;Вера;17.06.1980;г. Курган;7/2026\n".encode()


def shots(office: Path) -> Iterator[Shot]:
    """Hostile files of papka's own in an office.

    Args:
        office: The ready office: what papka has written there is bent.
    """
    card = next(office.glob("cases/KRG-1/issued/*.card.json"))
    at, code = str(card.relative_to(office)), card.name.split("_")[-1].removesuffix(".card.json")
    record = office / "templates/.base/krg_ipss.docx.json"
    doors: dict[str, tuple[str, Any, tuple[tuple[str, ...], ...]]] = {
        "draft": ("cases/KRG-1/.forms/closing.json", DRAFT, (("form", "fill", "KRG-1", "closing", "--plain"), ("form", "list", "KRG-1"))),
        "begun": ("cases/NEW-1/.forms/intake.json", DRAFT | {"form": "intake", "case_sha256": None},
                  (("new", "NEW-1", "--plain"), ("form", "fill", "NEW-1", "intake", "--plain"), ("new", "--plain"), ("status",))),
        "place": ("cases/KRG-1/.forms/closing.place", PLACE, (("form", "fill", "KRG-1", "closing", "--plain"),)),
        "card": (at, json.loads(card.read_bytes()), (("status", "KRG-1"), ("verify", code), ("sign", code), ("scan", "status"), ("packet", "KRG-1", "--all", "--engine", "rdocx"),
                                                     ("why", code, "семья"), ("due",))),
        "record": ("templates/.base/krg_ipss.docx.json", json.loads(record.read_bytes()),
                   (("template", "upgrade", "krg_ipss"), ("template", "override", "--list"), ("doctor",))),
        "upgrade": (".upgrade/list.json", UPGRADE, (("upgrade",), ("status",))),
        "brought": ("import/brought.jsonl", BROUGHT, (("import", "x.csv", *_PROGRAMME, "--yes", "--dry-run"),)),
        "batch": ("out/.batch/done-x-1-1.jsonl", BATCHED, (("batch", "-d", "krg_application", "--into", "out", "--processes", "1"),)),
    }  # fmt: skip
    for door, (path, sound, commands) in doors.items():
        for number, (name, data) in enumerate(files(sound)):
            if CANARY.encode() in data and door not in _OF_A_FAMILY:
                continue
            # Each file goes through one of the doors behind which it is read; a sound one through all.
            chosen = commands if name == "sound" else (commands[number % len(commands)],)
            for words in chosen:
                put = {path: data, **({"x.csv": TABLE} if door == "brought" else {})}
                yield Shot(f"state/{door}/{name}/{words[0]}", words, put, office=True)


_OF_A_FAMILY = ("draft", "begun", "place")
_PROGRAMME = ("--programme", "kurgan_ipss")
