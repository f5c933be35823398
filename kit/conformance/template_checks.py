"""Whether the templates can be filled in, and whether what they give is a paper: fonts, margins, letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree

from ...core.errors import PapkaError
from ...core.findings import Finding
from ...core.i18n import tr
from ...output.package import Package, PackageFault, W, open_package
from ...output.pdf.fonts import substituted
from .checks import Check, Looked, finding
from .trial import Trial

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_STORIES = ("word/document.xml", "word/header", "word/footer", "word/footnotes.xml", "word/endnotes.xml")
_FOR_MARKS = frozenset({"segoe ui symbol", "symbol", "wingdings", "ms gothic"})
"""Fonts that bring check marks and bullets; each engine knows its way with them."""

_MM = 56.7
"""Twentieths of a point in a millimetre."""


def _documents(trial: Trial) -> Sequence[str]:
    return list(trial.method.papers)


def _checked(trial: Trial, document: str) -> Looked:
    template = trial.method.papers[document].template
    if not template.is_file():
        words = tr("The document {id} has no template.").format(id=document)
        cure = tr("Put it into the folder templates.")
        return Looked([finding("P-05", words, cure, trial.file(template))], 1)
    found = [_at(one, trial.file(template)) for one in trial.press.check(document)]
    return Looked(found, 1)


def _at(one: Finding, file: str) -> Finding:
    return replace(one, place=replace(one.place, file=file))


def _own(trial: Trial) -> Iterator[tuple[str, Package]]:
    """Go through the plugin's own templates; those that cannot be opened are told elsewhere."""
    papers = trial.method.papers.values()
    paths = dict.fromkeys(paper.template for paper in papers if _is_own(paper.template, trial))
    for path in paths:
        try:
            yield trial.file(path), open_package(path.read_bytes())
        except (OSError, PackageFault, PapkaError):
            continue


def _is_own(path: Path, trial: Trial) -> bool:
    return path.is_relative_to(trial.opened.folder)


# --- fonts -------------------------------------------------------------------------------------------------


def _fonts(trial: Trial, _: str) -> Looked:
    known = {name.casefold() for name in substituted()} | _FOR_MARKS
    found: list[Finding] = []
    count = 0
    for file, package in _own(trial):
        count += 1
        for name in sorted(_named_fonts(package)):
            if name.casefold() not in known:
                words = tr("The template asks for the font {name}, which no free font has the measures of.")
                cure = tr(
                    "Take Times New Roman (or {others}): elsewhere lines and pages would break differently."
                )
                others = ", ".join(sorted(substituted() - {"Times New Roman"}))
                found.append(finding("P-06", words.format(name=name), cure.format(others=others), file))
    return Looked(found, count)


def _named_fonts(package: Package) -> set[str]:
    """Return the fonts in which letters stand: of the runs, and of the styles that they use."""
    roots = [package.xml(name) for name in package.members if name.startswith(_STORIES)]
    found = {font for root in roots for font in _of_runs(root, package)}
    if "word/styles.xml" in package.members:
        styles = package.xml("word/styles.xml")
        used = {
            one.get(f"{W}val")
            for root in roots
            for kind in ("p", "r", "tbl")
            for one in root.iter(f"{W}{kind}Style")
        }
        found |= set(_of_styles(styles, used, package))
    return found


def _of_styles(styles: etree._Element, used: set[str | None], package: Package) -> Iterator[str]:
    by_id = {one.get(f"{W}styleId"): one for one in styles.iter(f"{W}style")}
    waiting = [*used, *(name for name, one in by_id.items() if one.get(f"{W}default") in ("1", "true"))]
    done: set[str | None] = set()
    while waiting:
        name = waiting.pop()
        style = by_id.get(name)
        if style is None or name in done:
            continue
        done.add(name)
        yield from _of_runs(style, package)
        based = style.find(f"{W}basedOn")
        waiting += [based.get(f"{W}val")] if based is not None else []
    defaults = styles.find(f"{W}docDefaults")
    if defaults is not None:
        yield from _of_runs(defaults, package)


def _of_runs(root: etree._Element, package: Package) -> Iterator[str]:
    for fonts in root.iter(f"{W}rFonts"):
        for kind in ("ascii", "hAnsi"):
            named, themed = fonts.get(f"{W}{kind}"), fonts.get(f"{W}{kind}Theme")
            font = _of_theme(themed, package) if themed else named
            if font:
                yield font


def _of_theme(name: str, package: Package) -> str | None:
    theme = next((one for one in package.members if one.startswith("word/theme/")), None)
    if theme is None:
        return None
    part = "majorFont" if name.startswith("major") else "minorFont"
    latin = next(package.xml(theme).iter(f"{_A}{part}"), None)
    face = latin.find(f"{_A}latin") if latin is not None else None
    return face.get("typeface") if face is not None else None


# --- the page ----------------------------------------------------------------------------------------------

_SENTENCE = 90
_SMALLEST, _USUAL = 16, 24
"""Half-points: what the eye can read at all, and what ГОСТ Р 7.0.97-2016 recommends for running text."""


def _pages(trial: Trial, _: str) -> Looked:
    """Hold pages against ГОСТ Р 7.0.97-2016: A4, margins left 20, right 10, top and bottom 20 mm at least."""
    found: list[Finding] = []
    count = 0
    for file, package in _own(trial):
        count += 1
        document = package.xml("word/document.xml")
        told = [*_sheets(document), *_letters(document, package)]
        found += [finding("P-07", words, cure, file, severity=severity) for severity, words, cure in told]  # type: ignore[arg-type]
    return Looked(found, count)


def _sheets(document: etree._Element) -> Iterator[tuple[str, str, str]]:
    for section in document.iter(f"{W}sectPr"):
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        if size is None or margins is None:
            yield (
                "error",
                tr("A section says neither its size nor its margins."),
                tr("Set up its pages in Word."),
            )
            continue
        wide, high = (_mm(size.get(f"{W}{one}")) for one in ("w", "h"))
        if {round(wide), round(high)} != {210, 297}:
            words = tr("The sheet is {wide} × {high} mm, not A4.").format(wide=round(wide), high=round(high))
            yield "error", words, tr("Set the size of the pages to A4 in Word.")
        sides = {one: _mm(margins.get(f"{W}{one}")) for one in ("left", "right", "top", "bottom")}
        if max(sides["left"], sides["top"] if wide > high else 0) < 19.5:
            words = tr("The margin on the side of the binding is {size} mm; the paper could not be filed.")
            cure = tr("Set it to 30 mm, or to 20 mm at least (ГОСТ Р 7.0.97-2016).")
            yield "error", words.format(size=round(sides["left"])), cure
        narrow = [name for name, least in _LEAST.items() if sides[name] < least - 0.5]
        if narrow and wide < high:
            words = tr("Narrow margins: {sides}.").format(
                sides=", ".join(f"{_side(name)} {round(sides[name])}" for name in narrow)
            )
            cure = tr("Right 10, top and bottom 20 mm at least (ГОСТ Р 7.0.97-2016).")
            yield "warning", words, cure


_LEAST = {"right": 10, "top": 20, "bottom": 20}


def _side(name: str) -> str:
    return {"right": tr("right"), "top": tr("top"), "bottom": tr("bottom")}[name]


def _mm(twips: str | None) -> float:
    return float(twips or 0) / _MM


def _letters(document: etree._Element, package: Package) -> Iterator[tuple[str, str, str]]:
    """Tell what is set too small: running text below 12, anything below 8."""
    sizes = _Sizes(package)
    running: Counter[int] = Counter()
    all_letters, smallest = 0, 99
    for paragraph in document.iter(f"{W}p"):
        # What is short is a caption under a line, a hint, a heading.
        short = sum(len(text.text or "") for text in paragraph.iter(f"{W}t")) < _SENTENCE
        inside = short or next(paragraph.iterancestors(f"{W}tbl"), None) is not None
        for run in paragraph.iter(f"{W}r"):
            letters = sum(len(text.text or "") for text in run.iter(f"{W}t"))
            size = sizes.of(run, paragraph)
            if letters and not _is_raised(run):
                smallest, all_letters = min(smallest, size), all_letters + letters
                running[size] += 0 if inside else letters
    if smallest < _SMALLEST:
        words = tr("Letters of {size} points: nobody can read them on paper.")
        yield "warning", words.format(size=f"{smallest / 2:g}"), tr("Take 8 points at least, also for notes.")
    usual = running.most_common(1)[0][0] if running.total() > all_letters / 2 else _USUAL
    if usual < _USUAL - 2:
        words = tr("Running text is set in {size} points.").format(size=f"{usual / 2:g}")
        yield "warning", words, tr("Take 12 to 14; only tables may be set smaller (ГОСТ Р 7.0.97-2016).")


def _is_raised(run: etree._Element) -> bool:
    return run.find(f"{W}rPr/{W}vertAlign") is not None


class _Sizes:
    """How large letters are set: by the run, its style, that of the paragraph, or the file's default."""

    def __init__(self, package: Package) -> None:
        self._sizes: dict[str, int] = {}
        self._based: dict[str, str] = {}
        self._default = 20
        if "word/styles.xml" not in package.members:
            return
        styles = package.xml("word/styles.xml")
        self._default = _size_in(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or self._default
        for style in styles.iter(f"{W}style"):
            name = style.get(f"{W}styleId") or ""
            size, based = _size_in(style.find(f"{W}rPr")), style.find(f"{W}basedOn")
            if size:
                self._sizes[name] = size
                if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph":
                    self._default = size
            if based is not None:
                self._based[name] = based.get(f"{W}val") or ""

    def of(self, run: etree._Element, paragraph: etree._Element) -> int:
        """Return the size of a run in half-points."""
        named = (run.find(f"{W}rPr/{W}rStyle"), paragraph.find(f"{W}pPr/{W}pStyle"))
        styles = [self._of_style(one.get(f"{W}val") or "") for one in named if one is not None]
        return _size_in(run.find(f"{W}rPr")) or next((one for one in styles if one), self._default)

    def _of_style(self, name: str) -> int | None:
        seen: set[str] = set()
        while name and name not in seen:
            if name in self._sizes:
                return self._sizes[name]
            seen.add(name)
            name = self._based.get(name, "")
        return None


def _size_in(looks: etree._Element | None) -> int | None:
    size = looks.find(f"{W}sz") if looks is not None else None
    return int(float(size.get(f"{W}val") or 0)) or None if size is not None else None


CHECKS = (
    Check(
        "P-05",
        ("Each template can be filled in", "Каждый шаблон заполняется без ошибок"),
        (
            "No paper is refused, or printed with a hole, on the day it is needed.",
            "Ни одна бумага не сорвётся и не выйдет с пропуском в тот день, когда она нужна.",
        ),
        ("templates", "шаблонов"),
        _checked,
        _documents,
    ),
    Check(
        "P-06",
        ("The fonts look the same on every computer", "Шрифты одинаковы на всех компьютерах"),
        (
            "Lines and pages break alike at each desk: a signature does not slip to another page.",
            "Строки и страницы делятся одинаково на каждом рабочем месте: подпись не уедет на другой лист.",
        ),
        ("templates", "шаблонов"),
        _fonts,
    ),
    Check(
        "P-07",
        ("Pages keep the manners of an official paper", "Страницы оформлены как официальная бумага"),
        (
            "Papers can be filed, bound and read: A4, margins, letters (ГОСТ Р 7.0.97-2016).",
            "Бумагу можно подшить и прочитать: лист А4, поля, размер букв (ГОСТ Р 7.0.97-2016).",
        ),
        ("templates", "шаблонов"),
        _pages,
    ),
)
