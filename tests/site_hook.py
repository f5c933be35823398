"""What the site of the documentation reads otherwise than a forge does; mkdocs.yml names this file.

Tables write a filter as ``{{ x\\|dash }}``, for a bare bar would end the cell: MkDocs shows the stroke, a forge does not. And half of
the pages are in another language than the theme: who has them read aloud has to hear English.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

_CODE = re.compile(r"<code>[^<]*</code>")


def on_page_content(html: str, **_: object) -> str:
    """Return the page with the bars of its code as they are meant."""
    return _CODE.sub(lambda found: found[0].replace("\\|", "|"), html)


def on_post_page(output: str, *, page: Page, **_: object) -> str:
    """Return the page with its own language said."""
    english = bool(page.ancestors) and page.ancestors[-1].title == "For developers"
    return output.replace(' lang="ru"', ' lang="en"', 1) if english else output
