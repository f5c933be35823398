"""The .docx is the only source of a template: it is edited in an office suite, saved, and drawn up again."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from reading import EXAMPLES, LAST_DAY, NBSP, PLUGINS, as_word, words

from papka.core.opening import open_case
from papka.core.programmes.region import Method
from papka.output.rendering import Press

PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("edit_in_libreoffice.py")


def has_libreoffice() -> bool:
    if shutil.which("soffice") is None or not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", "import uno"], capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(
    not has_libreoffice(), reason="LibreOffice with its Python bridge (python3-uno) does not stand here"
)


def edited(template: Path, into: Path, find: str, by: str) -> Path:
    result = into / template.name
    done = subprocess.run(
        [PYTHON, str(SCRIPT), str(template), str(result), find, by],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip().splitlines()[-1:] == ["1"], done.stderr
    return result


def test_an_edit_in_libreoffice_stands_in_the_next_paper(tmp_path: Path) -> None:
    example = next(path for path in EXAMPLES if path.stem == "chernykh_shevchenko")
    opened = open_case(str(example), Path.cwd(), PLUGINS)
    paper = opened.method.papers["krg_agreement"]
    text = "\n".join(words(as_word(draw(opened.method, opened.case))))
    sentence = next(line for line in text.splitlines() if re.search(r"доброволь", line))
    word = re.search(r"доброволь\w+", sentence)
    assert word is not None

    template = edited(paper.template, tmp_path, word[0], "ДОБРОВОЛЬНО И ВМЕСТЕ")
    method = replace(
        opened.method, papers={**opened.method.papers, "krg_agreement": replace(paper, template=template)}
    )

    press = Press(method, PLUGINS.language)
    assert press.check("krg_agreement") == []
    after = "\n".join(words(as_word(draw(method, opened.case)))).replace(NBSP, " ")
    assert "ДОБРОВОЛЬНО И ВМЕСТЕ" in after
    assert "в лице директора Ткача Ильи Никитича" in after
    assert "{" not in after


def draw(method: Method, case):  # type: ignore[no-untyped-def]
    return next(iter(Press(method, PLUGINS.language).render(case, "krg_agreement", LAST_DAY)))
