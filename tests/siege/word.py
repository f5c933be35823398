"""Hostile Word files through all doors but the check of a template: forms that come back, merges, pages, packets."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from . import contents, packages
from .firing import Range, Shot
from .state import RAW, bent

OWN = "templates/krg_ipss.docx"
BASE = "templates/.base/krg_ipss.docx"
RECORD = "templates/.base/krg_ipss.docx.json"
_DRAWN = ("--programme", "kurgan_ipss", "--engine", "rdocx", "--out", "look")
_NAMED = ("--programme", "kurgan_ipss", "--document", "krg_ipss")


def files(ground: Range) -> Iterator[tuple[str, bytes]]:
    """All hostile Word files, with what passes `open_package` among them."""
    bait = str(ground.bait)
    for made in (
        packages.containers(), packages.doctypes(ground.port, bait), packages.odd_xml(), contents.links(ground.port, bait),
        contents.embedded(), contents.fields(), contents.sizes(), packages.mutated(40, 5),
    ):  # fmt: skip
        for name, data, _ in made:
            yield name, data


def lacking() -> Iterator[tuple[str, bytes]]:
    """Return a real template from which one part, or one relation, has been taken out, or emptied."""
    parts = dict(_template())
    for name in parts:
        yield f"without_{name}", packages.packed({one: body for one, body in parts.items() if one != name})
        if name.endswith((".xml", ".rels")):
            root = parts[name].partition(b"?>")[2].strip()
            tag = root[1:].split(b">")[0].split(b" ")[0].decode()
            head = root[: root.find(b">")].rstrip(b"/")
            yield f"bare_{name}", packages.packed({**parts, name: head + b"></" + tag.encode() + b">"})
            yield f"other_{name}", packages.packed({**parts, name: b"<x/>"})


@cache
def _template() -> tuple[tuple[str, bytes], ...]:
    path = Path(__file__).parents[2] / "plugins/kurgan_ipss/templates/krg_ipss.docx"
    with zipfile.ZipFile(path) as archive:
        return tuple((one, archive.read(one)) for one in archive.namelist())


def _whole() -> bytes:
    return packages.packed(dict(_template()))


def _record(base: bytes) -> bytes:
    told = {
        "document": "krg_ipss",
        "plugin": "kurgan_ipss",
        "version": "0.0.9",
        "sha256": sha256(base).hexdigest(),
    }
    return json.dumps(told).encode()


def shots(ground: Range) -> Iterator[Shot]:
    """Each file through some of the doors, others for each; a lacking part through all that read a template."""
    sound = packages.paper()
    every = [
        *files(ground),
        *lacking(),
        *((f"real_{name}", data) for name, data, _ in packages.mutated(40, 6, _whole)),
    ]
    for number, (name, data) in enumerate(every):
        doors: tuple[tuple[str, tuple[str, ...], dict[str, bytes]], ...] = (
            ("form", ("form", "read", "x.docx", "--case", "KRG-1"), {"x.docx": data}), ("verify", ("verify", "x.docx"), {"x.docx": data}),
            ("why", ("why", "x.docx", "семья", "--case", "KRG-1"), {"x.docx": data}), ("sign", ("sign", "x.docx"), {"x.docx": data}),
            ("fix", ("template", "fix", "x.docx", "y.docx", *_NAMED), {"x.docx": data}), ("diff_a", ("template", "diff", "x.docx", "y.docx", *_NAMED), {"x.docx": data, "y.docx": sound}),
            ("diff_b", ("template", "diff", "y.docx", "x.docx", *_NAMED), {"x.docx": data, "y.docx": _whole()}), ("word", ("template", "check", "x.docx", *_NAMED, "--word", "z.docx"), {"x.docx": data}),
            ("preview", ("template", "preview", "x.docx", "--document", "krg_ipss", *_DRAWN), {"x.docx": data}),
            ("render", ("render", "KRG-1", "krg_ipss", "--into", "out"), {OWN: data}), ("pdf", ("render", "KRG-1", "krg_ipss", "--pdf", "--engine", "rdocx", "--into", "out"), {OWN: data}),
            ("ours", ("template", "upgrade", "krg_ipss"), {OWN: data, BASE: sound, RECORD: _record(sound)}), ("base", ("template", "upgrade", "krg_ipss"), {BASE: data, RECORD: _record(data)}),
            ("both", ("template", "upgrade", "--all", "--json"), {OWN: data, BASE: data, RECORD: _record(data)}), ("own", ("template", "override", "--list"), {OWN: data}),
            ("issue", ("issue", "KRG-1", "krg_ipss", "--no-pdf"), {OWN: data}), ("doctor", ("doctor",), {OWN: data}), ("export", ("verify", "krg_ipss"), {OWN: data}),
        )  # fmt: skip
        chosen = (
            range(len(doors))
            if name.startswith("real_")
            else (number % len(doors), (number * 7 + 3) % len(doors))
        )
        for one in chosen if not name.startswith("real_") else random.Random(number).sample(chosen, 5):
            door, words, put = doors[one]
            yield Shot(f"word/{door}/{name}", words, put, office=True)


def drawn(ground: Range) -> Iterator[Shot]:
    """What passes the check, drawn by LibreOffice; each file that can be a template.

    A table of 20,000 rows or cells is left out: LibreOffice is given its own minute for a paper (SECURITY.md), and
    the range waits no longer than that.
    """
    for name, data in (*files(ground), *lacking()):
        if name in ("rows_20000", "rows_wide"):
            continue
        words = ("render", "KRG-1", "krg_ipss", "--pdf", "--engine", "libreoffice", "--into", "out")
        yield Shot(f"office/{name}", words, {OWN: data}, office=True)


def forms(office: Path) -> Iterator[Shot]:
    """Forms that come back with a passport that was bent.

    Args:
        office: The ready office, in which a form was made.
    """
    with zipfile.ZipFile(office / "closing.docx") as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    item = parts["customXml/item1.xml"].decode()
    head, told, tail = (
        item[: item.index(">", 60) + 1],
        item[item.index(">", 60) + 1 : item.rindex("</")],
        item[item.rindex("</") :],
    )
    sound = json.loads(
        told.replace("&quot;", '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    )
    passports = [
        ("sound", told.encode()),
        *((name, body) for name, body in RAW.items() if len(body) < 2_000_000),
    ]
    passports += [(name, json.dumps(data).encode()) for name, data in bent(sound, 8)]
    for name, body in passports:
        text = body.decode("utf-8", "replace").replace("&", "&amp;").replace("<", "&lt;").replace("\0", "")
        data = packages.packed({**parts, "customXml/item1.xml": (head + text + tail).encode()})
        yield Shot(
            f"passport/{name}",
            ("form", "read", "x.docx", *(() if "case" not in name else ("--case", "KRG-1"))),
            {"x.docx": data},
            office=True,
        )
    body = parts["word/document.xml"].decode()
    for name, text in WOUNDS.items():
        data = packages.packed(
            {**parts, "word/document.xml": body.replace("<w:sdtContent>", text, 40).encode()}
        )
        yield Shot(f"returned/{name}", ("form", "read", "x.docx"), {"x.docx": data}, office=True)
    for name, data, _ in packages.mutated(60, 9, lambda: packages.packed(parts)):
        yield Shot(f"returned/{name}", ("form", "read", "x.docx"), {"x.docx": data}, office=True)


WOUNDS = {
    "open": "<w:sdtContent><w:p/>", "long": "<w:sdtContent><w:r><w:t>" + "я" * 200_000 + "</w:t></w:r>", "tags": "<w:sdtContent><w:r><w:t>{{ 7*7 }}{% for a in b %}</w:t></w:r>",
    "signs": "<w:sdtContent><w:r><w:t>\ufdd0 0 \ufdd1\u202e</w:t></w:r>", "yaml": "<w:sdtContent><w:r><w:t>x\n- a: &amp;b [*b]\n!!python/object:x</w:t></w:r>",
    "path": "<w:sdtContent><w:r><w:t>../../../evil</w:t></w:r>", "nested": "<w:sdtContent>" + "<w:sdt><w:sdtContent>" * 60 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 60,
    "breaks": "<w:sdtContent>" + "<w:r><w:br/></w:r>" * 5_000, "deleted": "<w:sdtContent><w:del w:id='1'><w:r><w:delText>x</w:delText></w:r></w:del>",
}  # fmt: skip
