"""Papka speaks Russian wherever it speaks English: each sentence of the code has its twin in papka.po."""

import ast
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from papka.core import commandline

ROOT = Path(__file__).parents[1]
HOMES = ("core", "forms", "kit", "output")
WORDS = ROOT / "core" / "locale" / "ru" / "LC_MESSAGES"
# Tables whose sentences reach tr() through a variable. Beside sentences they hold stable ids.
TABLES = {
    "core/messages.py": {"_KNOWN"},
    "output/sentences.py": {"SENTENCES"},
}
AN_ID = re.compile(r"[A-Z]+(-[A-Z]+)+")

Key = str | tuple[str, str]


# --- what the code says ----------------------------------------------------------------------------------


def literals(node: ast.expr) -> list[str]:
    """Return the texts that an argument can be; none if it is a variable."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return []


def calls(tree: ast.AST, names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in names:
                yield name, node


def keys(tree: ast.AST, one: str, many: str) -> Iterator[Key]:
    """Return what is said by calls of a function for one sentence and of its twin that counts."""
    for name, call in calls(tree, {one, many}):
        if name == many:
            # A call that hands on what it was given says nothing itself.
            if literals(call.args[0]):
                yield (literals(call.args[0])[0], literals(call.args[1])[0])
        else:
            yield from literals(call.args[0])


def tables(tree: ast.AST, names: set[str]) -> Iterator[str]:
    """Return the sentences of tables, and those that stand in for a row they do not have."""
    rows: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in names for target in targets):
                rows += node.value.values
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"{name}.get" for name in names}:
            rows += node.args[1:]
    for row in rows:
        for text in ast.walk(row):
            if isinstance(text, ast.Constant) and not AN_ID.fullmatch(text.value):
                yield text.value


def sources() -> Iterator[tuple[str, ast.Module]]:
    for home in HOMES:
        for path in sorted((ROOT / home).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def said_by_papka() -> dict[Key, list[str]]:
    """Return each sentence of papka with the files that say it."""
    found: dict[Key, list[str]] = {}
    for file, tree in sources():
        # Who draws a paper says it in the language of the paper.
        said = [*keys(tree, "tr", "trn"), *keys(tree, "on_paper", "counted")]
        if file in TABLES:
            said += tables(tree, TABLES[file])
        for key in said:
            found.setdefault(key, []).append(file)
    return found


def said_by_click() -> set[Key]:
    """Return each sentence of the click that is installed."""
    folder = Path(click.__file__).parent
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.glob("*.py")]
    return {key for tree in trees for key in keys(tree, "_", "ngettext")}


# --- what the catalogue says -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def russian() -> Catalog:
    with (WORDS / "papka.po").open("rb") as file:
        return read_po(file, locale="ru", domain="papka")


def twins(catalog: Catalog, key: Key) -> list[str]:
    found = catalog.get(key)
    if found is None:
        return []
    return [found.string] if isinstance(found.string, str) else list(found.string)


def gaps(text: str) -> set[str]:
    """Return the names of the gaps that a sentence leaves to be filled."""
    found = re.findall(r"(?<!\{)\{([\w.]+)[^{}]*\}|%\((\w+)\)", text)
    return {braced or percent for braced, percent in found}


def is_of_click(message: Message) -> bool:
    return [place for place, _ in message.locations] == ["click"]


def plain(catalog: Catalog) -> dict[Key, str | tuple[str, ...]]:
    def frozen(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
        return text if isinstance(text, str) else tuple(text)

    return {frozen(message.id): frozen(message.string) for message in catalog if message.id}


def test_each_sentence_has_a_russian_twin(russian: Catalog) -> None:
    silent = [key for key in said_by_papka() if not twins(russian, key) or not all(twins(russian, key))]

    assert silent == []


def test_each_sentence_of_click_has_a_russian_twin(russian: Catalog) -> None:
    silent = [key for key in said_by_click() if not twins(russian, key) or not all(twins(russian, key))]

    assert silent == []


def test_only_the_known_tables_reach_tr_through_a_variable() -> None:
    through_a_variable = {
        file
        for file, tree in sources()
        for _, call in calls(tree, {"tr", "trn"})
        if not all(literals(argument) for argument in call.args[:1])
    }

    assert through_a_variable <= set(TABLES)


def test_no_twin_is_left_whose_sentence_is_gone(russian: Catalog) -> None:
    said = said_by_papka()
    orphans = [one.id for one in russian if one.id and one.id not in said and not is_of_click(one)]

    assert orphans == []


def test_a_twin_leaves_the_same_gaps(russian: Catalog) -> None:
    other = []
    for message in russian:
        if not message.id:
            continue
        allowed = [gaps(text) for text in ((message.id,) if isinstance(message.id, str) else message.id)]
        other += [twin for twin in twins(russian, message.id) if gaps(twin) not in allowed]

    assert other == []


def test_no_twin_waits_for_confirmation(russian: Catalog) -> None:
    assert [message.id for message in russian if message.id and message.fuzzy] == []


def test_the_compiled_words_are_those_of_the_catalogue(russian: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, russian)
    with (WORDS / "papka.mo").open("rb") as file:
        shipped = read_mo(file)

    assert plain(shipped) == plain(read_mo(io.BytesIO(compiled.getvalue())))


# --- what a person reads ---------------------------------------------------------------------------------

ASKED = [
    *([name, "--help"] for name in sorted(commandline.commands())),
    ["--help"],
    ["nosuch"],
    ["chek"],
    ["check"],
    ["check", "nosuch"],
    ["check", "nosuch", "--nosuch"],
    ["check", "nosuch", "--as-of", "nosuch"],
    ["check", "nosuch", "nosuch"],
    ["render", "nosuch", "--engine", "nosuch"],
    ["render", "nosuch", "--blank"],
    ["render", "nosuch", "--on"],
]
NAMES = {
    "papka",
    "Papka",
    "Word",
    "libreoffice",
    "rdocx",
    "gotenberg",
    "case.yaml",
    "office.yaml",
    "nosuch",
    "chek",
}
NAMES |= {"docx", "xlsx", "csv", "json", "ics", "html", "md"}  # kinds of files
NAMES |= {"p12", "pfx", "sig", "sgn", "p7s"}  # keys and signatures
NAMES |= {"age", "withdrawal", "term"}  # a kind of archive, the grounds for destroying
NAMES |= {"form", "case"}  # whose answer is right, the form's or the case's
NAMES |= {"Python", "linux", "macos", "windows", "papka.zip"}  # whom a bundle is packed for
NAMES |= {"diff", "examples", "derived"}  # folders
NAMES |= {"Dask", "tcp"}  # a cluster and its address


Papka = Callable[..., str]


@pytest.fixture(scope="module")
def papka(tmp_path_factory: pytest.TempPathFactory) -> Papka:
    """Run papka as a person does and return all that it says."""
    cache = str(tmp_path_factory.mktemp("cache"))
    chosen = ("PAPKA_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    kept = {name: value for name, value in os.environ.items() if name not in chosen}
    kept |= {"XDG_CACHE_HOME": cache, "LOCALAPPDATA": cache, "PYTHONUTF8": "1"}
    kept["PAPKA_LOAD_PLUGINS"] = "kurgan_ipss,sos_partnership"

    def run(asked: list[str], folder: Path, **languages: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "papka.core", *asked],
            cwd=folder,
            env={**kept, **languages},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
        )
        assert ran.returncode in (0, 2), ran.stdout
        return ran.stdout

    return run


def answers(papka: Papka, asked: list[str], folder: Path, language: str) -> Iterator[str]:
    """Return what papka says and, where that is the help of a group, the help of each of its commands."""
    said = papka(asked, folder, PAPKA_LANG=language)
    yield said
    group, listed = asked[:-1], re.split("^(?:Commands|Команды):$", said, flags=re.MULTILINE)[1:]
    if group and listed and asked[-1] == "--help":
        for name in re.findall(r"^  ([a-z][\w-]*)", listed[0], flags=re.MULTILINE):
            yield from answers(papka, [*group, name, "--help"], folder, language)


def latin(said: str) -> set[str]:
    """Return the Latin words of a text that name no command, option, value, programme or file."""
    said = re.sub(r"(?<!\w)--?[a-z][a-z-]*", " ", said)
    said = re.sub(r"^(  [a-z][\w-]*  |Использование: [a-z -]*)", " ", said, flags=re.MULTILINE)
    words = {word.strip(".") for word in re.findall(r"[A-Za-z][\w.]*", said)}
    values = {word for word in words if "_" in word or word.isupper()}
    return words - NAMES - values - set(commandline.commands())


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_papka_speaks_russian_without_an_english_word(asked: list[str], tmp_path: Path, papka: Papka) -> None:
    for said in answers(papka, asked, tmp_path, "ru"):
        assert re.search("[а-яё]{3}", said)
        assert latin(said) == set()


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_papka_speaks_english_without_a_russian_letter(
    asked: list[str], tmp_path: Path, papka: Papka
) -> None:
    for said in answers(papka, asked, tmp_path, "en"):
        assert re.search("[a-z]{3}", said)
        assert not re.search("[А-Яа-яЁё]", said)


def speaks_russian(said: str) -> bool:
    return "Показать эту справку" in said


@pytest.mark.parametrize(
    ("languages", "office", "is_russian"),
    [
        ({"PAPKA_LANG": "ru"}, None, True),
        ({"LANG": "ru_RU.UTF-8"}, None, True),
        ({"LANG": "C.UTF-8"}, None, False),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "en_US.UTF-8"}, None, False),
        ({"LANG": "ru_RU.UTF-8", "PAPKA_LANG": "en"}, None, False),
        ({"LANG": "en_US.UTF-8"}, "ru", True),
        ({"LANG": "ru_RU.UTF-8"}, "en", False),
        ({"PAPKA_LANG": "en"}, "ru", False),
    ],
)
def test_the_users_word_comes_before_the_offices_and_that_before_the_machines(
    languages: dict[str, str], office: str | None, is_russian: bool, tmp_path: Path, papka: Papka
) -> None:
    if office:
        (tmp_path / "office.yaml").write_text(f"papka: '1'\nlanguage: {office}\n", "utf-8")

    assert speaks_russian(papka(["--help"], tmp_path, **languages)) is is_russian


def test_the_offices_language_holds_in_the_folders_of_its_cases(tmp_path: Path, papka: Papka) -> None:
    (tmp_path / "office.yaml").write_text("papka: '1'\nlanguage: ru\n", "utf-8")
    case = tmp_path / "cases" / "2025-001"
    case.mkdir(parents=True)

    assert speaks_russian(papka(["--help"], case, LANG="en_US.UTF-8"))
