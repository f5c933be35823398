"""A part that is read flat and a part that is read as a tree are the same part."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from lxml import etree
from reading import EXAMPLES, LAST_DAY, PLUGINS, REGIONS
from test_against_docxtpl import CONTEXT, add, language, saved, table

from papka.core.errors import PapkaError
from papka.core.loading import load_case
from papka.output import filling
from papka.output.package import open_package
from papka.output.rendering import Press
from papka.output.template import Template, proven_parts


def meaning(content: bytes) -> dict[str, bytes]:
    """Return the members of a Word file; of XML what it means, however it is written."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: etree.tostring(etree.fromstring(body), method="c14n")
        if name.endswith((".xml", ".rels"))
        else body
        for name, body in found.items()
    }


@pytest.mark.parametrize("region", REGIONS)
def test_papers_mean_the_same_drawn_flat_or_as_trees(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    example = next(path for path in EXAMPLES if path in REGIONS[region].examples())
    case, press = load_case(example), Press(PLUGINS.method(region), PLUGINS.language)
    trees, read_as_tree = [], filling._Filling._tree

    def papers() -> dict[str, dict[str, bytes]]:
        found = {}
        for name in list(press.method.papers)[::4]:
            try:
                found[name] = meaning(next(iter(press.render(case, name, LAST_DAY))).content)
            except PapkaError:  # not due, or the case is incomplete
                continue
        return found

    def noted(*arguments: object, **more: object) -> bytes:
        trees.append(arguments)
        return read_as_tree(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(filling._Filling, "_tree", noted)
    flat = papers()
    few = len(trees)
    monkeypatch.setattr(filling, "needs_mending", lambda *_: True)
    assert papers() == flat
    assert len(flat) > 2
    assert few < len(flat) <= len(trees) - few


def test_breaks_and_tabs_of_values_are_words_own_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(document: Word) -> None:
        add(document, "До {{ name }} после", "{{ name }}", "& «{{ sign }}»")
        table(document, ("{{ name }}", ""))

    template = Template.open(saved(build, tmp_path))
    context = {**CONTEXT, "name": "один\nдва\tтри", "sign": "<a & \"b\" 'c'>"}

    def drawn() -> bytes:
        return template.package.write(proven_parts(template, language(), context))

    flat = drawn()
    monkeypatch.setattr(filling, "needs_mending", lambda *_: True)
    assert meaning(drawn()) == meaning(flat)
    read = Document(io.BytesIO(flat))
    assert [one.text for one in read.paragraphs][:2] == ["До один\nдва\tтри после", "один\nдва\tтри"]
    assert read.paragraphs[2].text == "& «<a & \"b\" 'c'>»"
    assert open_package(flat).members["word/document.xml"].count(b"<w:br/>") == 3
