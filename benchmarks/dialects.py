"""How the papers of the benchmark are written for each engine: the same paper, each in the words of its "
"engine."""

from __future__ import annotations

import re
from typing import ClassVar, Protocol


class Dialect(Protocol):
    """What a paper asks of a dialect.

    Attributes:
        file: What the file of a template is called by.
        tag: How a tag is found in a text.
        rows: Where the ends of a loop over rows stand: ``apart``, in rows of their own; ``inside``, in
            the row; ``next``, in a second row that is the first one of the next turn.
    """

    file: str
    tag: re.Pattern[str]
    rows: str

    def value(self, name: str, item: str = "") -> str:
        """Print a value of the data, or of the item of a loop."""
        ...

    def when(self, flag: str, yes: str, no: str = "", item: str = "") -> str:
        """Print one of two texts."""
        ...

    def pairs(self, name: str, item: str = "") -> str:
        """Print a list of people: «name, part; » of each."""
        ...

    def opens(self, name: str, one: str, item: str = "", lift: str = "p") -> str:
        """Open a loop that stands in a paragraph or a row of its own."""
        ...

    def closes(self, name: str, one: str, first: str, lift: str = "p") -> str:
        """Close it; `first` is a value that is printed early in each turn."""
        ...


class Jinja:
    """The dialect of papka and docxtpl."""

    file = "jinja"
    tag = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
    rows = "apart"

    def value(self, name: str, item: str = "") -> str:
        """Print a value."""
        return f"{{{{ {self._of(name, item)} }}}}"

    def when(self, flag: str, yes: str, no: str = "", item: str = "") -> str:
        """Print one of two texts."""
        other = f"{{% else %}}{no}" if no else ""
        return f"{{% if {self._of(flag, item)} %}}{yes}{other}{{% endif %}}"

    def pairs(self, name: str, item: str = "") -> str:
        """Print each of a list."""
        return (
            f"{{% for man in {self._of(name, item)} %}}{{{{ man.name }}}}, {{{{ man.part }}}}; {{% endfor %}}"
        )

    def opens(self, name: str, one: str, item: str = "", lift: str = "p") -> str:
        """Open a loop."""
        return f"{{%{lift} for {one} in {self._of(name, item)} %}}"

    def closes(self, name: str, one: str, first: str, lift: str = "p") -> str:
        """Close it."""
        return f"{{%{lift} endfor %}}"

    @staticmethod
    def _of(name: str, item: str) -> str:
        return f"{item}.{name}" if item else name


class Mustache:
    """The dialect that docxtemplater and easy-template-x share.

    easy-template-x has no «else»; so the data of this dialect says of every flag also what it is not.
    """

    file = "mustache"
    tag = re.compile(r"\{[^{}]*\}")
    rows = "inside"

    def value(self, name: str, item: str = "") -> str:
        """Print a value; inside a loop its item is meant."""
        return f"{{{name}}}"

    def when(self, flag: str, yes: str, no: str = "", item: str = "") -> str:
        """Print one of two texts."""
        other = f"{{#not_{flag}}}{no}{{/not_{flag}}}" if no else ""
        return f"{{#{flag}}}{yes}{{/{flag}}}{other}"

    def pairs(self, name: str, item: str = "") -> str:
        """Print each of a list."""
        return f"{{#{name}}}{{name}}, {{part}}; {{/{name}}}"

    def opens(self, name: str, one: str, item: str = "", lift: str = "p") -> str:
        """Open a loop."""
        return f"{{#{name}}}"

    def closes(self, name: str, one: str, first: str, lift: str = "p") -> str:
        """Close it."""
        return f"{{/{name}}}"


class Carbone:
    """The dialect of carbone: a loop is shown by its first two turns, and a list in a line is a formatter."""

    file = "carbone"
    tag = re.compile(r"\{d[^{}]*\}")
    rows = "next"
    _PATHS: ClassVar = {"": "d", "row": "d.rows[i]", "goal": "d.goals[i]", "task": "d.goals[i].tasks[i]"}

    def value(self, name: str, item: str = "") -> str:
        """Print a value."""
        return f"{{{self._PATHS[item]}.{name}}}"

    def when(self, flag: str, yes: str, no: str = "", item: str = "") -> str:
        """Print one of two texts."""
        return f"{{{self._PATHS[item]}.{flag}:ifEQ(true):show('{yes}'):elseShow('{no}')}}"

    def pairs(self, name: str, item: str = "") -> str:
        """Print each of a list."""
        return f"{{{self._PATHS[item]}.{name}:arrayMap('; ', ', ', 'name', 'part')}}; "

    def opens(self, name: str, one: str, item: str = "", lift: str = "p") -> str:
        """Open nothing: the first turn opens itself."""
        return ""

    def closes(self, name: str, one: str, first: str, lift: str = "p") -> str:
        """Show where the second turn begins."""
        return f"{{{self._PATHS[one][:-1]}+1].{first}}}"


class Scripted:
    """The dialect of docx-templates, whose tags are JavaScript."""

    file = "scripted"
    tag = re.compile(r"\+\+\+.*?\+\+\+")
    rows = "apart"

    def value(self, name: str, item: str = "") -> str:
        """Print a value."""
        return f"+++= {self._of(name, item)}+++"

    def when(self, flag: str, yes: str, no: str = "", item: str = "") -> str:
        """Print one of two texts."""
        return f"+++= {self._of(flag, item)} ? '{yes}' : '{no}'+++"

    def pairs(self, name: str, item: str = "") -> str:
        """Print each of a list."""
        return f"+++= {self._of(name, item)}.map((man) => man.name + ', ' + man.part + '; ').join('')+++"

    def opens(self, name: str, one: str, item: str = "", lift: str = "p") -> str:
        """Open a loop."""
        return f"+++FOR {one} IN {self._of(name, item)}+++"

    def closes(self, name: str, one: str, first: str, lift: str = "p") -> str:
        """Close it."""
        return f"+++END-FOR {one}+++"

    @staticmethod
    def _of(name: str, item: str) -> str:
        return f"${item}.{name}" if item else name


DIALECTS: tuple[Dialect, ...] = (Jinja(), Mustache(), Carbone(), Scripted())
