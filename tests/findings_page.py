"""Writes docs/findings.md out of the code itself: every id that a finding or a fault may bear, with what is said and the cure.

An id stands in the code as a plain text, and what is said of it stands beside it: in the same call or tuple, as the value of
a dict, or in a variable of the same function. This page reads them there, so none has to be listed by hand.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.mofile import read_mo

from papka.core.findings import Finding, Place, as_json

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "findings.md"
ROOMS = ("core", "output", "forms", "kit", "plugins")
ID = re.compile(r"[A-Z]{1,3}-[A-Z0-9]+(-[A-Z0-9]+)*")
_SOUGHT = re.compile(r"[\"'][A-Z]{1,3}-")
CHECK = re.compile(r"P-\d\d")  # checks of plugins: docs/proving.md says each
# What has the form of an id and is none: examples of rules and cases, ciphers, encodings.
NO_IDS = {"AES-256", "PKG-INFO", "UTF-8", "C-1", "D-1", "K-D3", "K-D7", "KRG-2025-0007", "KRG-L1", "SOS-R1"}
# These rooms name cures only; what is said stands elsewhere.
CURES_ONLY = ("core/loading.py", "output/cures.py")
# What is said of an expression when the programme that holds it is read.
EXPRESSION = ("The expression is wrong at «{name}».", "Compare it with the names of the vocabulary.")
HEAD = """\
# Замечания и ошибки

У каждого замечания есть постоянный код: по нему оно узнаётся на экране, в `--json`, в примечании Word и на этой странице. Ошибка не даёт
составить документ или принять файл; предупреждение и сведение не мешают ничему. На экране видно, какое перед вами.

Коды, которых здесь нет, принадлежат правилам программ: сроки, проверки, строки таблиц (`C-1`, `KRG-D3`, `SOS-R1` …) — на странице
[правил](rules.md). Проверки плагина `P-01` … — на странице [Prove a region](proving.md#the-checks). Плагин может принести и свои.

На месте многоточия папка называет имя, поле или число; значения из дела в замечании не бывает. Последний столбец — для разработчика: где это в
коде. Страница составлена по коду (`python tests/written_pages.py` пишет её заново).
"""
SECTIONS = {
    "F": ("Поля дела и формы", "Значение в деле, форме или настройках учреждения не такое, каким должно быть."),
    "Y": ("Файл YAML", "Файл дела, программы или настроек нельзя прочесть однозначно."),
    "I": ("Таблица, из которой вносят дела", "Команда `papka import`; место названо листом, строкой и столбцом."),
    "DOC": ("Документы дела", "Говорит `papka check`; журнал учреждения снимает замечание о том, что выпущено."),
    "R": ("Составление документа", "Говорят `papka render` и `papka issue`."),
    "N": ("Имена", "Говорит `papka render`; подтвердить формы помогает `papka names`."),
    "J": ("Журнал и выпущенные документы", "Говорят `papka journal --check`, `papka issue`, `papka verify`, `papka backup`."),
    "T": ("Теги в шаблоне", "Говорит `papka template check`. Подробнее — [Шаблоны](templates.md)."),
    "E": ("Выражения", "В теге шаблона или в правиле программы."),
    "D": ("Файл Word", "Файл шаблона или вернувшейся формы не такой, какой можно безопасно прочесть."),
    "W": ("Тег там, где его не видно", "Говорит `papka template check`; составить документ это не мешает."),
    "U": ("Обновление шаблона", "Говорят `papka template upgrade` и `papka plugin update`."),
    "P": ("Программа плагина; готовый документ", "Ошибка в `programme.yaml`, `registers.yaml` или `forms.yaml`: говорят `papka plugins` и "
          "`papka plugin check`. Либо готовый документ не прошёл доказательство, что в нём ничего не потеряно."),
    "G": ("Эталоны документов плагина", "Говорит `papka plugin check`. Подробнее — [Prove a region](proving.md)."),
    "X": ("Плагин и календарь", "Говорят `papka check` и `papka plugins`."),
}  # fmt: skip
SCRIPTS = """\
## Для сценариев

`papka check ДЕЛО --json`, `papka template check --json` и другие команды с `--json` дают замечания в одном виде. Код выхода 3 — есть ошибки.
Значений из дела здесь нет: `place` говорит, где смотреть. Чего нет, то `null`, а в `place` пропущено.
"""


@dataclass
class Entry:
    """What the code says of one id: sentences with their cures, and where."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    cures: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)


def entries() -> dict[str, Entry]:
    """Return what is said of each id, by id."""
    found: dict[str, Entry] = defaultdict(Entry)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text("utf-8")
            for name, said in _Module(text).said() if _SOUGHT.search(text) else ():
                _add(found[name], said, path.relative_to(ROOT).as_posix())
    return dict(found)


def _add(entry: Entry, said: Sequence[list[str]], place: str) -> None:
    if place in CURES_ONLY and said:
        entry.cures += [one for group in said for one in group]
    elif not said:
        entry.silent.add(place)
    else:
        entry.places.add(place)
        cures = said[1] if len(said) > 1 else [""]
        if len(said[0]) == len(cures):
            pairs = list(zip(said[0], cures, strict=True))
        else:
            pairs = [(said[0][0], one) for one in cures] + [(one, cures[0]) for one in said[0][1:]]
        entry.pairs += [one for one in pairs if one not in entry.pairs]


class _Module:
    """One module, read for ids and the sentences beside them."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        nodes = list(ast.walk(self.tree))
        self.owner = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
        self.calls = [one for one in nodes if isinstance(one, ast.Call)]
        self.functions = {one.name: one for one in nodes if isinstance(one, ast.FunctionDef)}

    def said(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Go through the ids with groups of sentences: what is said, then the cure."""
        for node in ast.walk(self.tree):
            name = _id(node)
            if (
                name is not None
                and name not in NO_IDS
                and not isinstance(self.owner.get(node), ast.JoinedStr)
            ):
                scope = self._scope(node)
                groups = [self._texts(one, scope, 0) for one in self._beside(node)]
                # A cure whose message comes from elsewhere, an error's own text, is not what is said.
                found = self.owner[node]
                lone = isinstance(found, ast.Call) and _called(found) == "Finding" and not groups[1]
                yield name, [] if lone else [one for one in groups if one]

    def _scope(self, node: ast.AST) -> ast.AST:
        while node in self.owner and not isinstance(node, ast.FunctionDef):
            node = self.owner[node]
        return node

    def _beside(self, node: ast.AST) -> list[ast.expr]:
        """Return what stands after an id in its call or tuple, or what a dict says of it."""
        owner = self.owner[node]
        while isinstance(owner, ast.IfExp):
            node, owner = owner, self.owner[owner]
        if isinstance(owner, ast.Call) and node in owner.args:
            return [*owner.args[owner.args.index(node) + 1 :], *(one.value for one in owner.keywords)]
        if isinstance(owner, ast.Tuple):
            return owner.elts[owner.elts.index(node) + 1 :]
        if isinstance(owner, ast.Dict) and node in owner.keys:
            value = owner.values[owner.keys.index(node)]
            return value.elts if isinstance(value, ast.Tuple) else [value]
        return []

    def _texts(self, node: ast.expr, scope: ast.AST, depth: int) -> list[str]:
        """Return the sentences that an expression may be."""
        if depth > 5:
            return []
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) and " " in node.value else []
        if isinstance(node, ast.IfExp):
            return [*self._texts(node.body, scope, depth + 1), *self._texts(node.orelse, scope, depth + 1)]
        if isinstance(node, ast.Call):
            return self._spoken(node, scope, depth + 1)
        if isinstance(node, ast.Name):
            values = self._values(node.id, scope, node)
            return [text for value, where in values for text in self._texts(value, where, depth + 1)]
        return []

    def _spoken(self, call: ast.Call, scope: ast.AST, depth: int) -> list[str]:
        """Return the sentences that a call gives: translated, filled in, or returned by a function of the module."""
        if _called(call) in ("tr", "trn"):
            return self._texts(call.args[0], scope, depth)
        if isinstance(call.func, ast.Attribute):
            return self._texts(call.func.value, scope, depth) if call.func.attr == "format" else []
        function = self.functions.get(_called(call))
        given = [one.value for one in ast.walk(function) if isinstance(one, ast.Return)] if function else []
        return [text for one in given if one for text in self._texts(one, function or scope, depth)]

    def _assigned(self, name: str, scope: ast.AST, at: ast.expr) -> Iterator[ast.expr]:
        """Go back through what a name was given before a place, until what it was given for certain."""
        given = [one for one in ast.walk(scope) if isinstance(one, ast.Assign) and one.lineno <= at.lineno]
        above = set(self._above(at))
        for node in sorted(given, key=lambda one: one.lineno, reverse=True):
            found = [one for target in node.targets for one in _unpacked(target, node.value, name)]
            yield from found
            if found and self.owner[node] in above:
                return

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.owner:
            node = self.owner[node]
            yield node

    def _values(self, name: str, scope: ast.AST, at: ast.expr) -> Iterator[tuple[ast.expr, ast.AST]]:
        """Go through what a name may stand for: assigned, gone through, or given to the function."""
        for node in ast.walk(scope):
            if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
                for item in node.iter.elts:
                    yield from ((one, scope) for one in _unpacked(node.target, item, name))
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Call):
                maker = self.functions.get(_called(node.iter))
                if maker is not None and isinstance(node.target, ast.Name) and node.target.id == name:
                    yield from ((one.args[0], maker) for one in self.calls
                                if _called(one) == "append" and self._scope(one) is maker)  # fmt: skip
        yield from ((one, scope) for one in self._assigned(name, scope, at))
        if isinstance(scope, ast.FunctionDef):
            names = [one.arg for one in scope.args.args if one.arg != "self"]
            for call in self.calls if name in names else ():
                if _called(call) == scope.name and len(call.args) > names.index(name):
                    yield call.args[names.index(name)], self._scope(call)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _id(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
        return node.value
    if isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant):
        return "DOC-…" if str(first.value) == "DOC-" else None
    return None


def _unpacked(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=False):
            yield from _unpacked(one, given, name)


# --- the page ----------------------------------------------------------------------------------------------


def page() -> str:
    """Return the page as it has to stand."""
    with (ROOT / "core" / "locale" / "ru" / "LC_MESSAGES" / "papka.mo").open("rb") as file:
        catalog = read_mo(file)

    def russian(sentence: str) -> str:
        found = catalog.get(sentence)
        said = found.string if found else ""
        return said if isinstance(said, str) else said[0]

    told = {name: entry for name, entry in entries().items() if not CHECK.fullmatch(name)}
    lines = [HEAD]
    for family in sorted({name.split("-")[0] for name in told}, key=[*SECTIONS].index):
        title, where = SECTIONS[family]
        lines += [
            f"## {title}\n",
            where + "\n",
            "| код | что не так | что делать | где в коде |",
            "|---|---|---|---|",
        ]
        for name in sorted(one for one in told if one.split("-")[0] == family):
            lines += _rows(name, told[name], russian)
        lines.append("")
    return "\n".join([*lines, SCRIPTS, _as_json(russian)]) + "\n"


def _as_json(russian: Callable[[str], str]) -> str:
    """Return one finding as scripts get it, made by the code that gives it to them."""
    said, cure = "The check digits of the SNILS are wrong.", "Compare each digit with the document."
    place = Place("case.yaml", 61, 14, "family.members[0].snils", "Семья → Члены семьи, 1 → СНИЛС")
    found = Finding("F-SNILS-SUM", "error", russian(said), russian(cure), place=place)
    return f"```json\n{json.dumps(as_json([found]), ensure_ascii=False, indent=2)}\n```"


def _rows(name: str, entry: Entry, russian: Callable[[str], str]) -> Iterator[str]:
    pairs = [pair for pair in entry.pairs if russian(pair[0])]
    pairs = pairs or [EXPRESSION if name.startswith("E-") else ("", "")]
    where = ", ".join(f"`{one}`" for one in sorted(entry.places or entry.silent))
    first = entry.cures[0] if entry.cures else ""
    said = dict.fromkeys((_cell(russian(message)), _cell(russian(cure or first))) for message, cure in pairs)
    for number, (message, cure) in enumerate(said):
        shown = (f"`{name}`", where) if number == 0 else ("", "")
        yield f"| {shown[0]} | {message} | {cure} | {shown[1]} |"


def _cell(text: str) -> str:
    """Say a sentence in a cell: what papka would name there becomes dots."""
    text = text if "{seq}" in text else re.sub(r"(?<!\{)\{\w*\}", "…", text)
    text = text.replace("{{", "{").replace("}}", "}").replace("….", "…")
    return (
        " ".join(text.split())
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("_", "\\_")
    )
