"""All shots, by door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from . import cases, contents, oddly, others, packages, payloads, pdfs, records, regions, state, word
from .firing import Range, Shot

_PROGRAMME = ("--programme", "kurgan_ipss")


def every(ground: Range) -> Iterator[Shot]:
    """All shots."""
    yield from templates(ground)
    yield from tags()
    yield from family()
    yield from papers_back(ground)
    yield from heaps()
    yield from drawn()
    yield from kept(ground)
    yield from words(ground)
    yield from pages(ground)
    yield from methods()
    yield from started()


def templates(ground: Range) -> Iterator[Shot]:
    """Hostile Word files at the methodologist's door."""
    bait = str(ground.bait)
    kinds = {
        "container": packages.containers(), "doctype": packages.doctypes(ground.port, bait), "xml": packages.odd_xml(),
        "link": contents.links(ground.port, bait), "embedded": contents.embedded(), "field": contents.fields(),
        "size": contents.sizes(),
    }  # fmt: skip
    for kind, files in kinds.items():
        for name, data, code in files:
            codes = frozenset({3}) if code else frozenset({0, 1, 3})
            yield Shot(
                f"template/{kind}/{name}", ("template", "check", "krg_ipss.docx", *_PROGRAMME),
                {"krg_ipss.docx": data}, codes, code,
            )  # fmt: skip


def tags(generated: int = 120) -> Iterator[Shot]:
    """Payloads in tags, in the text and in the other places where a tag may stand."""
    every = [*payloads.PUBLISHED, *payloads.BOMBS, *payloads.generated(generated, 8)]
    for number, payload in enumerate(every):
        words = escape(payload)
        home = number % 4
        if home == 0:
            data = packages.paper(packages.paragraph(words))
        elif home == 1:
            data = packages.paper(
                **packages.part("header1", "header", packages.story("hdr", packages.paragraph(words)))
            )
        elif home == 2:
            notes = packages.story("footnotes", packages.paragraph(words))
            data = packages.paper(**packages.part("footnotes", "footnotes", notes))
        else:
            data = packages.paper(packages.field("HYPERLINK ", words))
        yield Shot(
            f"tag/{number}/{payload[:30]}", ("template", "check", "krg_ipss.docx", *_PROGRAMME), {"krg_ipss.docx": data},
            frozenset({0, 3}),
        )  # fmt: skip


def family() -> Iterator[Shot]:
    """Hostile case files: checked, and each fifth drawn up as well."""
    for number, (name, data, code) in enumerate(
        (*cases.texts(), *cases.values(), *cases.large(), *cases.mutated(40, 1))
    ):
        codes = frozenset({3}) if code else frozenset({0, 1, 2, 3})
        yield Shot(f"case/check/{name}", ("check", "case.yaml"), {"case.yaml": data}, codes, code)
        if number % 5 == 0 or "large" in name:
            words = ("render", "case.yaml", "krg_request_card", "krg_case_card", "--into", "out")
            yield Shot(f"case/render/{name}", words, {"case.yaml": data})


def papers_back(ground: Range) -> Iterator[Shot]:
    """Hostile PDFs and pictures that come back: a form, a scan, a file to verify or whose signatures to see."""
    made = [*pdfs.files(ground.port, str(ground.bait)), *pdfs.mutated(pdfs.one(), 20, 3)]
    for name, data in made:
        for door, words in {
            "form": ("form", "read", "x.pdf", "--case", "KRG-1"), "scan": ("scan", "attach", "x.pdf"), "verify": ("verify", "x.pdf"),
            "sign": ("sign", "x.pdf", "--check"),
        }.items():  # fmt: skip
            yield Shot(f"pdf/{door}/{name}", words, {"x.pdf": data}, office=True)
    for name, data in others.pictures():
        yield Shot(f"picture/{name}", ("scan", "attach", name), {name: data}, office=True)


def heaps() -> Iterator[Shot]:
    """Spreadsheets, settings, archives, journals, and what is no file."""
    for name, data in others.tables():
        words = ("import", name, "--programme", "kurgan_ipss", "--yes")
        yield Shot(f"table/{name}", words, {name: data}, office=True)
    for name, text in others.settings():
        for words in (
            ("status",),
            ("journal",),
            ("doctor",),
            ("issue", "KRG-1", "krg_application", "--no-pdf"),
        ):
            yield Shot(f"settings/{words[0]}/{name}", words, {"office.yaml": text.encode()}, office=True)
    for name, data in others.archives():
        yield Shot(f"archive/restore/{name}", ("restore", "x.zip", "new"), {"x.zip": data})
        yield Shot(f"archive/check/{name}", ("backup", "--check", "x.zip"), {"x.zip": data})
        yield Shot(
            f"archive/bundle/{name}", ("plugin", "bundle", "--show", "x.papka.zip"), {"x.papka.zip": data}
        )
        yield Shot(
            f"archive/open/{name}",
            ("export", "x.age", "--open", "--identity", "k.txt", "--out", "new"),
            {"x.age": data, "k.txt": b"AGE-SECRET-KEY-1"},
        )
    for door, words in {"verify": ("verify", "x.docx"), "form": ("form", "read", "x.docx")}.items():
        parts = packages.members(**{"docProps/core.xml": bytes(6 * 10**8)})
        yield Shot(f"word/{door}/bomb_in_properties", words, {"x.docx": packages.packed(parts)}, office=True)
    for name, data in others.journals():
        for words in (("journal",), ("journal", "--check"), ("status",), ("verify", "office.yaml")):
            yield Shot(f"journal/{words[-1]}/{name}", words, {"journal.db": data}, office=True)
    for name, put in others.PUTS.items():
        doors = {
            "x.yaml": (("check", "x.yaml"), ("render", "x.yaml", "krg_application")),
            "x.docx": (("template", "check", "x.docx", *_PROGRAMME), ("form", "read", "x.docx", "--case", "KRG-1"), ("verify", "x.docx")),
            "x.pdf": (("scan", "attach", "x.pdf"), ("verify", "x.pdf"), ("sign", "x.pdf", "--check"), ("form", "read", "x.pdf")),
            "x.xlsx": (("import", "x.xlsx", "--yes"),), "x.zip": (("restore", "x.zip", "new"), ("backup", "--check", "x.zip")),
            "office.yaml": (("status",),), "journal.db": (("journal",),), "cases/KRG-2/case.yaml": (("status",), ("due",), ("report",)),
            "templates/krg_application.docx": (("render", "KRG-1", "krg_application"),),
        }  # fmt: skip
        for place, commands in doors.items():
            for words in commands:
                yield Shot(f"no_file/{place}/{name}/{words[0]}", words, {place: _instead(put)}, office=True)


def kept(ground: Range) -> Iterator[Shot]:
    """Hostile files and rows in place of those that papka writes for itself, and forms that come back."""
    if ground.office is not None:
        yield from state.shots(ground.office)
        yield from records.shots(ground)
        yield from word.forms(ground.office)


def words(ground: Range) -> Iterator[Shot]:
    """Hostile Word files through the doors beside the check of a template."""
    yield from word.shots(ground)


def pages(ground: Range) -> Iterator[Shot]:
    """Hostile Word files as a centre's own template, drawn by LibreOffice if they pass the check."""
    yield from word.drawn(ground)


def methods() -> Iterator[Shot]:
    """Hostile data of a region."""
    yield from regions.shots()


def started() -> Iterator[Shot]:
    """Every command, oddly asked and oddly started."""
    yield from oddly.shots()


def _instead(put: others.Put) -> Callable[[Path], object]:
    def do(path: Path) -> object:
        path.unlink(missing_ok=True)
        return path.write_bytes(put) if isinstance(put, bytes) else put(path)

    return do


LOOPS = (
    "{% for a in family.members %}{% for b in family.members %}{% for c in family.members %}{% for d in family.members %}"
    "{{ d.last_name }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in family.members %}{% for b in family.members %}{{ family.display_name }}{% endfor %}{% endfor %}"
    * 40,
    "{{ organisation.short_name }}" * 3_000,
)


def drawn() -> Iterator[Shot]:
    """Templates of the centre's own that pass the check, on a very large family: drawing has bounds too."""
    child = "  - id: c.n{n}\n    last_name: Икс\n    first_name: Олег\n    sex: male\n    birth_date: 2014-06-17\n    relation: сын\n"
    many = cases.SOUND.replace("referral:", "".join(child.format(n=n) for n in range(400)) + "referral:")
    for number, text in enumerate(LOOPS):
        data = packages.paper(packages.paragraph(text[:60_000]))
        files = {"templates/krg_application.docx": data, "cases/T-1/case.yaml": many.encode()}
        words = ("render", "T-1", "krg_application")
        yield Shot(f"drawn/{number}", words, files, says="R-BOUNDS" if number == 0 else "", office=True)
        words = (
            "template",
            "preview",
            "templates/krg_application.docx",
            "--case",
            "T-1",
            "--engine",
            "rdocx",
            "--out",
            "look",
        )
        yield Shot(f"drawn/preview/{number}", words, files, office=True)
