"""Hostile data of a region: its programme, rules, scales, registers, forms, examples and templates.

A plugin's code is trusted (SECURITY.md); its data is what methodologists write, copy and send to each other. The
region lies in the office's own folder, once as a folder to be tried and once as an installed plugin.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from . import cases, others, packages, payloads
from .firing import Shot
from .state import bent

SITE = "site"
FOLDER = f"{SITE}/papka_brook"
CODE = "from papka.core import Region, hookimpl\n\n\n@hookimpl\ndef papka_programme():\n    return Region.of(__name__)\n"
CFG = """\
[metadata]
name = papka-brook
version = 0.1.0
[options]
package_dir =
    papka_brook = .
packages = papka_brook
[options.entry_points]
papka =
    brook = papka_brook
"""
SOURCE = {"kind": "inferred", "text": "вымышлено"}
PROGRAMME: dict[str, Any] = {
    "papka": "1", "id": "brook", "title": "Программа «Ручей» (вымышленная)", "short_title": "Ручей", "example": "one.yaml",
    "opened_on": "agreement.signed_on", "closed_on": "closure.decided_on",
    "settings": {"plan_days": {"value": "7", "label": "Дней до плана", "source": SOURCE}},
    "levels": [{"id": "basic", "title": "Базовый"}, {"id": "crisis", "title": "Кризисный"}],
    "signs": [{"code": "K1", "title": "Угроза ребёнку", "level": "crisis"}],
    "level_table": {"source": SOURCE, "rows": [{"id": "BRK-L1", "when": "signs.K1", "propose": "crisis", "reason": "Угроза"},
                                               {"id": "BRK-L2", "when": "true", "reason": "Решают люди"}]},
    "stages": [{"id": "intake", "title": "Приём", "phase": "intake", "entered_on": "referral.received_on"}],
    "series": [{"id": "own", "title": "Номера", "pattern": "{seq}/{year}"}],
    "documents": [{"id": "brook_agreement", "title": "Соглашение", "stage": "intake", "given": "agreement", "needs": "нет соглашения",
                   "dated": "agreement.signed_on", "series": "own", "copies": "2", "template": "brook_agreement.docx", "source": SOURCE}],
    "deadlines": [{"id": "B-D1", "title": "Срок", "since": "referral.received_on", "term": {"days": "plan_days"}, "done": "agreement.signed_on",
                   "cure": "Подпишите", "source": SOURCE}],
    "repeated": [{"id": "B-R1", "title": "Повтор", "since": "referral.received_on", "term": {"months": "1"}, "done": "monitoring|pluck('on')",
                  "cure": "Сделайте", "source": SOURCE}],
    "checks": [{"id": "B-C1", "each": "family.members", "alias": ["person", "лицо"], "when": "person.is_child and not person.birth_date",
                "message": "Нет даты", "cure": "Впишите", "source": SOURCE}],
    "includes": [{"id": "com_refusal", "stage": "intake"}],
}  # fmt: skip
SCALE = {"id": "risk", "title": "Шкала", "lowest": "0", "highest": "3", "source": SOURCE,
         "groups": [{"code": "a", "title": "А", "items": [{"code": "income", "title": "Доход"}]}]}  # fmt: skip
REGISTERS = {"includes": ["com_register_requests"], "registers": [{"id": "brook_register", "title": "Журнал", "source": SOURCE,
             "columns": [{"title": "Семья", "value": "family.display_name", "width": "20"}]}]}  # fmt: skip
FORMS = {"forms": [{"id": "brook_form", "title": "Форма", "purpose": "Записать", "phase": "intake", "source": SOURCE,
                    "parts": [{"title": "Часть", "ask": ["referral.text", {"field": "referral.received_on", "needed": "да", "begin": "today"}]},
                              {"title": "Люди", "each": "family.members", "alias": ["one", "лицо"], "one": "Человек", "add": "Ещё", "more": "Ещё",
                               "preset": {"relation": "сын"}, "ask": ["last_name"]}]}]}  # fmt: skip
FAMILY = cases.SOUND.replace("kurgan_ipss", "brook").replace(
    "referral:", "agreement: {number: '3', signed_on: 2025-03-07, parties: [m.one]}\nreferral:"
)
SOUND = {
    "programme.yaml": PROGRAMME,
    "scales/risk.yaml": SCALE,
    "registers.yaml": REGISTERS,
    "forms.yaml": FORMS,
}

EXPRESSIONS = {
    "deep": "(" * 5_000 + "true" + ")" * 5_000, "not": "not " * 5_000 + "true", "long": " or ".join(["signs.K1"] * 50_000), "chain": "family" + ".members" * 5_000,
    "index": "family.members" + "[0]" * 5_000, "filters": "family.members" + "|list" * 5_000, "call": "family.members.append(1)", "power": "9**9**9**9",
    "times": "'x' * 10**12", "join": "[1]*999999999", "global": "().__class__.__base__.__subclasses__()", "range": "range(10**12)", "lambda": "lambda: 1",
    "nested": "family.members|where('x')|" * 300 + "first", "where": "family.members|map('" + "members." * 3_000 + "x')", "sum": "[" + "1," * 100_000 + "1]",
    "unclosed": "('", "tag": "{{ 7*7 }}", "block": "{% for a in family.members %}", "zero": "1/0", "mod": "5 % 0", "date": "referral.received_on + 99999999999999999",
    "days": "referral.received_on|plus_days(999999999999)", "months": "referral.received_on|plus_months(-99999999)", "big": "9" * 5_000 + " > 1", "float": "1e400 > 1",
    "ternary": "true if " * 2_000 + "true" + " else false" * 2_000, "compare": " < ".join(["1"] * 5_000), "text": "'" + "x" * 500_000 + "'", "surrogate": "'\\ud800'",
    "unicode": "ｆａｍｉｌｙ.ｍｅｍｂｅｒｓ", "lines": "true\n\n\nor\n" * 500 + "true", "cyclic": "settings.plan_days", "self": "progress.stage",
}  # fmt: skip
NAMES = ("../../../../evil", "../papka_brook/templates/brook_agreement.docx", "/etc/passwd", "/dev/zero", "..", ".", "a/../../../x.docx", "CON", "a\\b", "x" * 300, "a:b",
         "~/.bashrc", "file:///etc/passwd", "http://127.0.0.1:1/x", " ", "x.docx\n", "{bait}")  # fmt: skip
NUMBERS = (
    "-1",
    "0",
    "999999999",
    "9" * 400,
    "1e999",
    ".inf",
    ".nan",
    "0x7fffffff",
    "1_000_000",
    "-99999999999",
)
PATTERNS = (
    "{seq.__class__}",
    "{seq:999999999}",
    "{seq!r:>99999999}",
    "{0}",
    "{",
    "{year}{year:>50000}",
    "{seq}" * 10_000,
    "../{seq}",
    "{seq}\n",
    "{__import__}",
    "%s%n",
    "",
)
PLACES_OF_NUMBERS = (
    ("settings", "plan_days", "value"),
    ("documents", 0, "copies"),
    ("deadlines", 0, "term", "days"),
    ("repeated", 0, "term", "months"),
)
PLACES_OF_NAMES = (
    ("documents", 0, "template"),
    ("documents", 0, "id"),
    ("id",),
    ("example",),
    ("based_on",),
    ("language",),
    ("country",),
    ("includes", 0, "id"),
)
PLACES_OF_EXPRESSIONS = (
    ("opened_on",), ("level_table", "rows", 0, "when"), ("stages", 0, "entered_on"), ("documents", 0, "given"), ("documents", 0, "dated"), ("documents", 0, "each"),
    ("deadlines", 0, "since"), ("deadlines", 0, "when"), ("repeated", 0, "done"), ("checks", 0, "each"), ("checks", 0, "when"), ("checks", 0, "message"),
)  # fmt: skip

Data = Iterator[tuple[str, dict[str, bytes | Callable[[Path], object]]]]


def regions() -> Data:
    """Return the files of hostile regions, each by its name: only what differs from the sound one."""
    yield "sound", {}
    for name, raw, _ in cases.texts():
        for file in (
            "programme.yaml",
            "forms.yaml",
            "registers.yaml",
            "scales/risk.yaml",
            "examples/one.yaml",
            "common.yaml",
            "rules.yaml",
        ):
            yield f"raw/{file}/{name}", {file: raw}
    for name, file, data in _bent():
        yield f"bent/{file}/{name}", {file: _later(data)}
    for name, data in _said():
        yield f"said/{name}", {"programme.yaml": _later(data)}
    yield from _laid_out()


def _bent() -> Iterator[tuple[str, str, Any]]:
    for file, sound in SOUND.items():
        for name, data in bent(sound, 4):
            yield name, file, data


def _said() -> Iterator[tuple[str, Any]]:
    """Bend what is said in a programme: expressions, numbers, names of files, patterns of numbers."""
    payload = {f"payload{n}": one.strip("{}% ") for n, one in enumerate(payloads.PUBLISHED[::12])}
    kinds: tuple[tuple[tuple[tuple[str | int, ...], ...], dict[str, str]], ...] = (
        (PLACES_OF_EXPRESSIONS, {**EXPRESSIONS, **payload}), (PLACES_OF_NAMES, {str(n): one for n, one in enumerate(NAMES)}),
        (PLACES_OF_NUMBERS, {str(n): one for n, one in enumerate(NUMBERS)}), ((("series", 0, "pattern"),), {str(n): one for n, one in enumerate(PATTERNS)}),
    )  # fmt: skip
    for places, values in kinds:
        for place in places:
            for name, value in values.items():
                data = copy.deepcopy(PROGRAMME)
                owner: Any = data
                for step in place[:-1]:
                    owner = owner[step]
                owner[place[-1]] = value
                yield f"{'.'.join(map(str, place))}={name}", data
    rows = [{"id": f"B-{n}", "when": "signs.K1", "propose": "crisis", "reason": "x"} for n in range(20_000)]
    yield "rows", PROGRAMME | {"level_table": {"source": SOURCE, "rows": rows}}
    signs = [{"code": f"K{n}", "title": "x"} for n in range(60)]
    table = [
        {"id": f"B-{n}", "when": f"signs.K{n} and signs.K{(n * 7) % 60}", "reason": "x"} for n in range(60)
    ]
    yield (
        "signs",
        PROGRAMME
        | {
            "signs": signs,
            "level_table": {"source": SOURCE, "rows": [*table, {"id": "B-z", "when": "true", "reason": "x"}]},
        },
    )
    yield "own base", PROGRAMME | {"based_on": "brook"}
    yield "scale wide", PROGRAMME | {"scales": [{**SCALE, "lowest": "-999999999", "highest": "999999999"}]}


def _laid_out() -> Data:
    """Put things that are no files of a region where its files are looked for."""
    for name, data, _ in packages.containers():
        if len(data) < 5_000_000:
            yield f"template/{name}", {"templates/brook_agreement.docx": data}
    for place in (
        "templates/brook_agreement.docx",
        "programme.yaml",
        "forms.yaml",
        "scales/risk.yaml",
        "examples/one.yaml",
        "examples/refused_x.yaml",
    ):
        for name, put in PUTS.items():
            yield f"instead/{place}/{name}", {place: put}
    for place in ("templates", "examples", "scales"):
        yield f"instead/{place}/outside", {place: lambda path: path.symlink_to("/etc")}
        yield f"instead/{place}/circle", {place: lambda path: path.symlink_to("../papka_brook")}
    for name in ("evil\u202e.yaml", "a" * 200 + ".yaml", " .yaml", "..yaml", "\x1b[2J.yaml", "x\n.yaml"):
        yield f"named/{name!r}", {f"examples/{name}": b"x", f"scales/{name}": b"x"}
    yield "named/bytes", {"examples": _odd_bytes}


def _odd_bytes(path: Path) -> None:
    path.mkdir(exist_ok=True)
    with open(os.path.join(os.fsencode(path), b"\xff\xfe.yaml"), "wb") as stream:  # noqa: PTH118, PTH123
        stream.write(b"x")


PUTS: dict[str, Callable[[Path], object]] = {
    **others.PUTS,
    "bait": lambda path: path.symlink_to(
        path.parents[len(path.parts) - 1 - path.parts.index("a")] / "bait/secret.txt"
    ),
}


def _later(data: Any) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(_yaml(data))


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(data: Any) -> bytes:
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)
    return text.encode("utf-8", "surrogatepass")


COMMANDS = (
    ("plugins",), ("check", "case.yaml"), ("render", "case.yaml", "brook_agreement", "--into", "out"), ("plugin", "prove", FOLDER), ("form", "list", "brook"),
    ("template", "check", "--all", "--programme", "brook"), ("template", "fields", "--programme", "brook"), ("form", "blank", "brook_form", "--programme", "brook"),
    ("plugin", "examples", FOLDER, "--check"), ("template", "list"), ("report", "brook_register"), ("status", "case.yaml"), ("doctor",),
    ("new", "N-1", "--programme", "brook", "--plain"), ("plugin", "new", "brooklet", "--based-on", "brook", "--defaults"),
)  # fmt: skip


def shots() -> Iterator[Shot]:
    """Each hostile region through one of the commands that look at a region; a sound one through all."""
    sound: dict[str, bytes | Callable[[Path], object]] = {
        "__init__.py": CODE.encode(), "setup.cfg": CFG.encode(), "README.md": b"x", "examples/one.yaml": FAMILY.encode(),
        "templates/brook_agreement.docx": packages.paper(packages.paragraph("{{ family.display_name }}")), **{name: _yaml(one) for name, one in SOUND.items()},
    }  # fmt: skip
    told: dict[str, bytes | Callable[[Path], object]] = {
        f"{SITE}/papka_brook-0.1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: papka-brook\nVersion: 0.1.0\n",
        f"{SITE}/papka_brook-0.1.0.dist-info/entry_points.txt": b"[papka]\nbrook = papka_brook\n",
        "case.yaml": FAMILY.encode(),
    }
    for number, (name, files) in enumerate(regions()):
        kept = {
            one: body
            for one, body in sound.items()
            if not any(one.startswith(f"{other}/") for other in files)
        }
        put = {**told, **{f"{FOLDER}/{one}": body for one, body in {**kept, **files}.items()}}
        for words in COMMANDS if name == "sound" else (COMMANDS[number % len(COMMANDS)],):
            codes = frozenset({0, 3}) if name == "sound" else frozenset({0, 1, 2, 3})
            yield Shot(
                f"region/{name}/{'_'.join(words[:2])}",
                words,
                put,
                codes,
                environ={"PYTHONPATH": SITE},
                office=True,
            )
