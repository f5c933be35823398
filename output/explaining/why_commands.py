"""`papka why`: which template, fields and rules put a sentence on a paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr

if TYPE_CHECKING:
    from ..letters import TagPlace
    from .answers import Answer, FieldUse, Sentence, TagUse

SHOWN = 3
_WIDTH = 300


@click.command(help=tr("Say which template, facts and rules put a sentence on a paper."))
@click.argument("paper", metavar=tr("PAPER"))
@click.argument("words", metavar=tr('"WORDS"'))
@click.option("--case", metavar=tr("CASE"), help=tr("Of a draft: the case that it was drawn of."))
@click.option("--on", "day", type=DayType(), help=tr("Of a draft: the day for which it was drawn."))
@click.option("--all", "everything", is_flag=True, help=tr("All places where the words stand."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def why(paper: str, words: str, case: str | None, day: date | None, everything: bool, as_json: bool) -> int:
    """Explain words on a paper, named by its file or its code; exit 1 if they do not stand there."""
    from .why import why as explain

    answer = explain(paper, words, case, day)
    if as_json:
        from ...core.report import show_json

        show_json(answer.as_json())
    else:
        for line in lines(answer, None if everything else SHOWN):
            click.echo(line)
    return 0 if answer.sentences else 1


def lines(answer: Answer, most: int | None = SHOWN) -> Iterator[str]:
    """Say an answer in lines for a terminal."""
    yield click.style(_heading(answer), bold=True)
    if answer.state == "altered":
        yield tr("This file was altered after it was issued; below is said what was issued.")
    for one in answer.sentences[:most]:
        yield ""
        yield from _sentence(one, answer)
    if most is not None and len(answer.sentences) > most:
        more = len(answer.sentences) - most
        yield ""
        yield tr("The words stand in {count} more places: --all shows them.").format(count=more)
    if not answer.sentences:
        yield from _not_found(answer)
    yield ""
    yield from _made(answer)


def _heading(answer: Answer) -> str:
    entry = answer.entry
    if entry is None:
        return f"{answer.title or answer.document} · " + tr("a draft")
    number = f" № {entry.number}" if entry.number else ""
    return f"{answer.title or answer.document}{number} · {entry.day:%d.%m.%Y} · {entry.id}"


def _not_found(answer: Answer) -> Iterator[str]:
    if answer.by_hand:
        yield tr("These words stand in no paper that was issued: somebody typed them into this file by hand.")
        return
    yield tr("These words do not stand on the paper.")
    if answer.near is not None:
        yield tr("Did you mean: {words}").format(words=_short(answer.near.text))


def _sentence(one: Sentence, answer: Answer) -> Iterator[str]:
    yield _short(one.text)
    if one.place is None:
        yield "    " + tr("papka put this line on the paper; no template has it")
        return
    words = tr("template: {file}, {place}")
    yield "    " + words.format(file=answer.file, place=_where(one.place))
    if one.template is not None:
        yield "        " + _short(one.template)
    told = [tag for tag in (*one.conditions, *one.prints) if not _is_of_blanks(tag)]
    for tag in told:
        yield from _tag(_role(tag), tag)
    if not told:
        yield "    " + tr("always the same: the template says it of every family")
    for rule in one.rules:
        from ...core.report import source_words

        yield "    " + tr("rule: {rule}").format(rule=rule.rule)
        if rule.source is not None:
            yield "        " + tr("Source: {text}").format(text=source_words(rule.source))


def _is_of_blanks(tag: TagUse) -> bool:
    """Tell whether a tag only asks whether this is an empty form; of a paper of a family that is no news."""
    asked = [one.path for one in tag.fields]
    return bool(tag.word) and (asked == ["document.is_blank"] or (tag.word == "else" and not asked))


def _role(tag: TagUse) -> str:
    if not tag.word:
        return tr("printed")
    if tag.inside:
        return tr("decides inside the paragraph")
    if tag.word == "for":
        return tr("once for each")
    return tr("stands here because this holds") if tag.holds else tr("and because this does not hold")


def _tag(role: str, tag: TagUse) -> Iterator[str]:
    at = tr("paragraph {number}").format(number=tag.paragraph)
    yield f"    {role}: {tag.text} ({at})"
    for one in tag.fields:
        yield f"        {_field(one)}"


def _field(one: FieldUse) -> str:
    line = tr("case.yaml, line {line}").format(line=one.line) if one.line else None
    value = f"«{_short(one.value, quoted=False)}»" if one.value else None
    return " · ".join(said for said in (one.words, line, value) if said)


def _where(place: TagPlace) -> str:
    said = []
    part = place.part.rpartition("/")[2].removesuffix(".xml")
    if part != "document":
        said.append(_part(part))
    if place.table is not None:
        words = tr("table {table}, row {row}, cell {cell}")
        said.append(words.format(table=place.table, row=place.row, cell=place.cell))
    said.append(tr("paragraph {number}").format(number=place.paragraph))
    return ", ".join(said)


def _part(part: str) -> str:
    kind = part.rstrip("0123456789")
    number = part[len(kind) :]
    words = {
        "header": tr("header {number}"),
        "footer": tr("footer {number}"),
        "footnotes": tr("footnotes"),
        "endnotes": tr("endnotes"),
    }
    return words.get(kind, part).format(number=number).strip()


def _short(text: str, *, quoted: bool = True) -> str:
    words = " ".join(text.split())
    words = words if len(words) <= _WIDTH else f"{words[:_WIDTH].rstrip()}…"
    return f"«{words}»" if quoted else words


def _made(answer: Answer) -> Iterator[str]:
    from ...core.findings import Source
    from ...core.report import source_words

    source, deadline = answer.map.source, answer.map.deadline
    if source:
        said = source_words(Source(source["kind"], source["text"]))  # type: ignore[arg-type]
        yield tr("The paper itself: {source}").format(source=said)
    if deadline:
        said = source_words(Source(**deadline["source"])) if deadline["source"] else ""
        words = tr("Its term: {title} ({id}). Source: {source}")
        yield words.format(title=deadline["title"], id=deadline["id"], source=said)
    made = answer.made_with
    if made:
        with_ = ", ".join([f"papka {made['papka']}", *(made[one] for one in ("plugin",) if one in made)])
        yield tr("Made with: {versions}").format(versions=with_)
    if not answer.same_template:
        yield tr("The template has changed since: its words are not shown, its tags are those of that day.")
    if answer.same_case is None:
        yield tr("The case is not there or cannot be opened: values are not shown.")
    elif not answer.same_case:
        yield tr("The case has changed since: values are not shown. papka status tells what has changed.")
