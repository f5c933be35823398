"""The page of methods names only what is there, and what it names by a command is what the command knows."""

import re
from pathlib import Path

from reading import PLUGINS, REGIONS

PAGE = (Path(__file__).parents[1] / "docs" / "methods.md").read_text("utf-8")
METHODS = [PLUGINS.method(name) for name in REGIONS]
DOCUMENTS = {name for method in METHODS for name in method.papers}
RULES = {
    rule.id
    for method in METHODS
    for rules in (method.programme.deadlines, method.programme.repeated, method.programme.checks)
    for rule in rules
} | {
    row.id
    for method in METHODS
    for table in (*method.programme.level_tables, *method.programme.risks)
    for row in table.rows
}
REPORTS = {one for method in METHODS for one in method.tables}


def test_each_form_rule_and_report_that_the_page_names_is_there() -> None:
    named = set(
        re.findall(r"`([a-z0-9]+_[a-z0-9_]+|[A-Z][A-Za-z0-9.]*-[A-Za-z0-9.\-]+|HANDOVER|SMART)`", PAGE)
    )

    assert len(named) > 80
    assert named - DOCUMENTS - RULES - REPORTS == set()


def test_each_command_of_the_page_asks_for_what_is_there() -> None:
    assert set(re.findall(r"papka render ДЕЛО (\w+)", PAGE)) <= DOCUMENTS
    assert set(re.findall(r"papka report (\w+)", PAGE)) <= REPORTS
    assert set(re.findall(r"papka plugin prove (\w+)", PAGE)) <= set(REGIONS)


def test_every_method_says_where_it_works_and_how_to_see_it() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| метод")]

    assert len(rows) > 45
    assert all(all(cell.strip() for cell in row.strip("|").split("|")) for row in rows)
