"""Helpers of the tests: the installed regions, and a paper as its reader sees it."""

import io
from collections.abc import Iterator
from datetime import date

from docx import Document
from docx.document import Document as Word
from docx.table import Table
from docx.text.paragraph import Paragraph

from papka.core import Plugins
from papka.output.rendering import Rendered

PLUGINS = Plugins()
REGIONS = PLUGINS.programmes()
EXAMPLES = [path for region in REGIONS.values() for path in region.examples()]
REFUSED = [path for region in REGIONS.values() for path in region.refused_examples()]
DOCUMENTS = [(id_, name) for id_ in REGIONS for name in PLUGINS.method(id_).papers]
LAST_DAY = date(2026, 12, 31)
NBSP = "\u00a0"


def words(document: Word) -> Iterator[str]:
    """Go through what a reader sees: paragraphs, cells, headers and footers."""
    yield from _inside(document)
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            yield from (paragraph.text for paragraph in part.paragraphs)


def _inside(holder: object) -> Iterator[str]:
    for item in holder.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(item, Paragraph):
            yield item.text
        elif isinstance(item, Table):
            for row in item.rows:
                for cell in row.cells:
                    yield from _inside(cell)


def as_word(paper: Rendered) -> Word:
    return Document(io.BytesIO(paper.content))
