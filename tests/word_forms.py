"""Fills in a form's Word file as Word does: runs cut by revision marks, prompts gone, items added with «+»."""

import hashlib
import re
import subprocess
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from lxml import etree
from reading import PLUGINS, REGIONS

from papka.core import yamltext
from papka.core.paths import dotted
from papka.forms.plain import Value, as_answer, as_plain, follow
from papka.forms.sheet import Sheet
from papka.forms.shown import Asked
from papka.forms.word.controls import by_name
from papka.forms.word.drawing import cell_of
from papka.forms.word.keys import OTHERS, key_of
from papka.forms.word.laying import rows_of, sections_of
from papka.forms.word.values import even, shown
from papka.output.package import W, open_package

CASES = {region: sorted(PLUGINS.method(region).region.examples()) for region in REGIONS}
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
BODY = "word/document.xml"

# --- what a person types ---------------------------------------------------------------------------------

_SIGNS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
_WORDS = st.text(
    st.one_of(st.sampled_from("абвгдеёжзиклмнопрстуфхцчшщъыьэюя №«»—’&<>\"'%{}/:()"), _SIGNS), min_size=1
)
LINE = _WORDS.filter(lambda one: one.strip()).map(lambda one: one[:80])
_NO = {"00.00.2024", "31.02.2024", "вчера", "12 мая", "½", "сто", "25:99"}


def answers(asked: Asked) -> st.SearchStrategy[Value]:
    """Return what may be answered to a question, right or wrong, as any surface gives it."""
    if asked.kind == "table":
        return st.lists(_row(asked), min_size=1, max_size=rows_of(asked)).map(
            lambda rows: _placed(asked, rows)
        )
    if asked.kind == "choices":
        codes = (
            st.sets(st.sampled_from([code for code, _ in asked.choices]), min_size=1)
            if asked.choices
            else st.just(set())
        )
        told = (
            st.lists(st.sampled_from(["Тётя Зина", "сосед"]), unique=True, max_size=2)
            if by_name(asked)
            else st.just([])
        )
        return (
            st.tuples(codes, told)
            .map(lambda one: (*(code for code, _ in asked.choices if code in one[0]), *one[1]))
            .filter(bool)
        )
    if asked.kind == "lines":
        return st.lists(LINE, min_size=1, max_size=4).map(tuple)
    return scalars(asked)


def scalars(asked: Asked) -> st.SearchStrategy[str]:
    """Return what may stand in one field."""
    wrong = st.sampled_from(sorted(_NO))
    if asked.kind == "choice" and asked.choices:
        return st.sampled_from([code for code, _ in asked.choices])
    by_kind = {
        "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: f"{day:%d.%m.%Y}"),
        "time": st.times().map(lambda one: f"{one:%H:%M}"),
        "number": st.integers(0, 10**6).map(str),
        "money": st.integers(0, 10**9).map(lambda one: f"{one // 100},{one % 100:02}"),
        "yes_no": st.sampled_from(["да", "нет"]),
        "text": st.lists(LINE, min_size=1, max_size=4).map("\n".join),
    }
    return (
        st.one_of(by_kind.get(asked.kind, LINE), wrong)
        if asked.kind not in ("line", "text", "yes_no")
        else by_kind.get(asked.kind, LINE)
    )


def _row(asked: Asked) -> st.SearchStrategy[dict[str, str]]:
    columns = asked.columns[1:] if asked.rows else asked.columns
    cells = {
        str(one.place[-1]): scalars(cell_of(asked, 0, one)).map(lambda text: text.strip()) for one in columns
    }
    return st.fixed_dictionaries({}, optional=cells).filter(bool)


def _placed(asked: Asked, rows: list[dict[str, str]]) -> Value:
    if not asked.rows:
        return tuple(rows)
    name = str(asked.columns[0].place[-1])
    return tuple({name: code, **row} for (code, _), row in zip(asked.rows, rows, strict=False))


# --- typing ----------------------------------------------------------------------------------------------


def typed(asked: Asked, value: Value | None) -> dict[str, str | bool]:
    """Return what has to be typed where, to answer a question."""
    if asked.kind == "table":
        return _typed_rows(asked, value)
    if asked.kind == "choices":
        codes = [code for code, _ in asked.choices]
        chosen = value if isinstance(value, tuple) else ()
        found: dict[str, str | bool] = {key_of(asked.place, code): code in chosen for code in codes}
        if by_name(asked):
            found[key_of(asked.place, OTHERS)] = "; ".join(str(one) for one in chosen if one not in codes)
        return found
    return {key_of(asked.place): shown(asked, value)}


def _typed_rows(asked: Asked, value: Value | None) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {}
    given = [code for code, _ in asked.rows]
    name = str(asked.columns[0].place[-1])
    for at, row in enumerate(value or ()):
        assert isinstance(row, dict)
        number = given.index(row[name]) if given else at
        for column in asked.columns[1:] if given else asked.columns:
            cell = cell_of(asked, number, column)
            found[key_of(cell.place)] = shown(cell, row.get(str(column.place[-1])))
    return found


def fields(sheet: Sheet, spare: int | None = None) -> list[tuple[Asked, bool]]:
    """Return every question of a paper form, and whether it belongs to an empty block."""
    sections = sections_of(sheet, spare)
    return [(one, block.spare) for part in sections for block in part.blocks for one in block.questions()]


def in_word(form: bytes, words: Mapping[str, str | bool], *, keep_tags: bool = True) -> bytes:
    """Type into the controls of a form and save it as Word does; without tags, as LibreOffice 7 does."""
    package = open_package(form)
    body = package.xml(BODY)
    found = {_tag(one): one for one in body.iter(f"{W}sdt") if _tag(one)}
    for key, said in words.items():
        if said != "":
            _type(found[key], said)
    if not keep_tags:
        for tag in list(body.iter(f"{W}tag", f"{W}alias")):
            tag.getparent().remove(tag)  # type: ignore[union-attr]
    return package.write(
        {BODY: etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


def _tag(control: etree._Element) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val"))


def _type(control: etree._Element, said: str | bool) -> None:
    properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
    assert properties is not None and content is not None
    for prompt in properties.findall(f"{W}showingPlcHdr"):
        properties.remove(prompt)
    checked = properties.find(f"{W14}checkbox/{W14}checked")
    if checked is not None:
        checked.set(f"{W14}val", str(int(bool(said))))
        said = "☒" if said else "☐"
    for child in list(content):
        content.remove(child)
    day = properties.find(f"{W}date")
    if day is not None and (ymd := re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", str(said))):
        day.set(f"{W}fullDate", f"{ymd[3]}-{ymd[2]}-{ymd[1]}T00:00:00Z")
    # Word cuts what was typed in several sittings into runs.
    for number, piece in enumerate(re.findall(r"\n|[^\n]{1,7}", str(said))):
        run = etree.SubElement(content, f"{W}r", {f"{W}rsidR": f"00A1{number:04X}"})
        if piece == "\n":
            etree.SubElement(run, f"{W}br")
        else:
            text = etree.SubElement(run, f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
            text.text = piece


def plus(form: bytes, section: str, after: int) -> bytes:
    """Press «+» behind an item of a repeating section: Word copies it without its bookmarks, emptied."""
    package = open_package(form)
    body = package.xml(BODY)
    items = next(one for one in body.iter(f"{W}sdt") if _tag(one) == section).find(f"{W}sdtContent")
    assert items is not None
    copy = deepcopy(items[after])
    for mark in list(copy.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)  # type: ignore[union-attr]
    for number, one in enumerate(copy.iter(f"{W}id")):
        one.set(f"{W}val", str(900_000 + number))
    items.insert(after + 1, copy)
    return package.write(
        {BODY: etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


def in_copy(form: bytes, section: str, item: int, words: Mapping[str, str | bool]) -> bytes:
    """Type into one item of a repeating section, whatever its tags say."""
    package = open_package(form)
    body = package.xml(BODY)
    items = next(one for one in body.iter(f"{W}sdt") if _tag(one) == section).find(f"{W}sdtContent")
    assert items is not None
    for control in items[item].iter(f"{W}sdt"):
        name = _tag(control).rpartition("].")[2]
        if name in words:
            _type(control, words[name])
    return package.write(
        {BODY: etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


# --- what has to come back ------------------------------------------------------------------------------


def sheet_on(file: Path, form: str) -> tuple[Sheet, str]:
    raw = file.read_bytes()
    data = yamltext.read(raw).data
    assert isinstance(data, dict)
    found = PLUGINS.method(data["programme"]).questions[form]
    return Sheet.on(found, PLUGINS, data), hashlib.sha256(raw).hexdigest()


def all_there(before: Sheet, after: Sheet, said: list[tuple[Any, Value]], every: list[Any]) -> None:
    spare = {one.place for one, is_spare in every if is_spare}
    moved = _moved(before, said, spare)
    for one, value in said:
        if one.place in spare:
            if one.place[: _depth(one)] not in moved:
                continue
            place = (*moved[one.place[: _depth(one)]], *one.place[_depth(one) :])
        else:
            place = one.place
        now = follow(after.data, place)
        held = as_answer(follow(before.data, one.place))
        if held is not None and even(one, held) == even(one, value):
            assert as_answer(now) == held
        elif one.kind == "table" and held is not None:
            came, meant = even(one, as_answer(now)), even(one, _over(one, held, value))
            assert came == meant, [
                pair for pair in zip_longest(came or (), meant or ()) if len(set(map(repr, pair))) > 1
            ]
        else:
            assert now == as_plain(value), one.path


def _over(one: Any, held: Value, value: Value) -> Value:
    """Return a table after some of its cells were typed over."""
    name = str(one.columns[0].place[-1])
    if one.rows:
        old = {row[name]: row for row in held if isinstance(row, dict)}
        new = {row[name]: row for row in value if isinstance(row, dict)}
        codes = [code for code, _ in one.rows]
        order = [*codes, *(code for code in old if code not in codes)]
        return tuple(
            {**old.get(code, {}), **new.get(code, {})} for code in order if code in old or code in new
        )
    rows = [dict(row) for row in held if isinstance(row, dict)]
    for at, row in enumerate(value):
        rows[at:] = [{**rows[at], **row}, *rows[at + 1 :]] if at < len(rows) else [dict(row)]  # type: ignore[arg-type]
    return tuple(rows)


def _depth(one: Any) -> int:
    return next(at for at, step in enumerate(one.place) if isinstance(step, int)) + 1


def _moved(before: Sheet, said: list[tuple[Any, Value]], spare: set[Any]) -> dict[Any, Any]:
    """Return where in the case the empty blocks stand that were filled in: one behind the other."""
    filled: dict[Any, None] = {}
    for one, value in sorted(said, key=lambda pair: dotted(pair[0].place)):
        if one.place in spare and even(one, value) != even(one, one.value):
            filled.setdefault(one.place[: _depth(one)])
    moved: dict[Any, Any] = {}
    counted: dict[Any, int] = {}
    for place in sorted(filled, key=lambda one: one[-1]):
        base = place[:-1]
        held = follow(before.data, base)
        counted.setdefault(base, len(held) if isinstance(held, list) else 0)
        moved[place] = (*base, counted[base])
        counted[base] += 1
    return moved


# --- LibreOffice -----------------------------------------------------------------------------------------

_IN_LIBREOFFICE = """
import json, subprocess, sys, time, uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
form, result, words, room = sys.argv[1:]
def value(name, content):
    made = PropertyValue(); made.Name, made.Value = name, content
    return made
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
office = subprocess.Popen(["soffice", "--headless", "--norestore", "--nodefault",
    "-env:UserInstallation=file://" + room, "--accept=pipe,name=papka-form-" + room.replace("/", "-") + ";urp;"])
for _ in range(300):
    try:
        context = resolver.resolve("uno:pipe,name=papka-form-" + room.replace("/", "-") + ";urp;StarOffice.ComponentContext")
        break
    except NoConnectException:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
try:
    document = desktop.loadComponentFromURL("file://" + form, "_blank", 0, (value("Hidden", True),))
    cursor = document.CurrentController.ViewCursor
    send = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    frame = document.CurrentController.Frame
    for name, said in json.load(open(words, encoding="utf-8")).items():
        place = document.Bookmarks.getByName(name).Anchor
        # A person goes into the field, marks what stands in it, and types over it.
        cursor.gotoRange(place.Start, False)
        cursor.goRight(1, False)
        cursor.goRight(len(place.String), True)
        send.executeDispatch(frame, ".uno:InsertText", "", 0, (value("Text", said),))
    document.storeToURL("file://" + result, (value("FilterName", "MS Word 2007 XML"),))
    document.close(True)
finally:
    desktop.terminate()
    office.wait(timeout=30)
"""


def in_libreoffice(form: Path, result: Path, words: Mapping[str, str]) -> None:
    """Type into the fields of a form in a real LibreOffice, each found by its bookmark, and save it as Word."""
    import json

    room = form.parent
    script = room / "type.py"
    script.write_text(_IN_LIBREOFFICE, "utf-8")
    said = room / "words.json"
    said.write_text(json.dumps(dict(words)), "utf-8")
    command = ["/usr/bin/python3", str(script), str(form), str(result), str(said), str(room / "profile")]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
