"""Hostile case files: what YAML can be made to do, and values made to deceive, to leak or to end up elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .firing import BAIT, CANARY

SOUND = f"""\
programme: kurgan_ipss
id: T-1
number: 7/2025
organisation:
  full_name: Центр социальной помощи семье
  short_name: ЦСПС
specialists:
- id: s.one
  last_name: Ёлкина
  first_name: Анна
  sex: female
  position: психолог
family:
  display_name: семья {CANARY}
  members:
  - id: m.one
    last_name: {CANARY.capitalize()}
    first_name: Вера
    sex: female
    relation: мать
    legal_representative_of: [c.one]
  - id: c.one
    last_name: {CANARY.capitalize()}
    first_name: Олег
    sex: male
    birth_date: 2014-06-17
    relation: сын
referral:
  received_on: 2025-02-18
  channel: self_appeal
  text: просит помочь {CANARY}
"""
"""A small case without a fault; `CANARY` stands where a family's values stand."""

Texts = Iterator[tuple[str, bytes, str]]
"""Name, file, and the id of the finding that refuses it; no id: any ordinary answer."""


def texts() -> Texts:
    """Files that are no plain YAML of a case."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    raw: dict[str, tuple[bytes | str, str]] = {
        "empty": ("", "Y-EMPTY"), "spaces": (" \n" * 1000, "Y-EMPTY"), "nul": ("a: \0", "Y-"), "comment": ("# x", "Y-EMPTY"),
        "bomb": (bomb, "Y-ALIAS"), "merge": ("a: &a {x: 1}\nb:\n  <<: *a", "Y-ALIAS"),
        "tag": ("a: !!python/object/apply:os.system ['touch pwned']", "Y-TAG"), "tag_key": ("!!str a: b", "Y-TAG"),
        "tag_root": ("!!python/object/new:os.system [id]", "Y-TAG"), "tag_directive": ("%TAG ! tag:x,2000:\n---\n!x a: 1", "Y-TAG"),
        "yaml_directive": ("%YAML 1.9\n---\na: 1", ""), "binary": ("a: !!binary x", "Y-TAG"), "set": ("? a\n? b", ""),
        "key_list": ("? [a]\n: b", "Y-KEY"), "twice": (SOUND + "number: 8/2025\n", "Y-TWICE"), "many": (SOUND + "---\na: 1\n", "Y-MANY"),
        "deep_list": ("a: " + "[" * 5_000 + "]" * 5_000, "Y-DEPTH"), "deep_open": ("[" * 100_000, "Y-DEPTH"),
        "deep_map": ("a: " + "{a: " * 3_000 + "}" * 3_000, "Y-DEPTH"), "deep_block": ("\n".join(" " * n + "a:" for n in range(3_000)), "Y-DEPTH"),
        "deep_dash": ("- " * 5_000 + "a", "Y-DEPTH"), "large": ("a: " + "x" * (10 * 2**20), "Y-SIZE"),
        "many_keys": ("".join(f"k{n}: 1\n" for n in range(50_000)), ""), "list": ("- a\n" * 50_000, ""), "scalar": ("x" * 100_000, ""),
        "many_unknown": (SOUND + "".join(f"programm{n}: 1\n" for n in range(20_000)), ""),
        "utf16": (SOUND.encode("utf-16"), "Y-ENCODING"), "utf16be": (SOUND.encode("utf-16-be"), "Y-"), "utf32": (SOUND.encode("utf-32"), "Y-"),
        "cp1251": (SOUND.encode("cp1251"), "Y-ENCODING"), "koi8": (SOUND.encode("koi8-r"), "Y-ENCODING"), "bom": (SOUND.encode("utf-8-sig"), ""),
        "surrogate": (b"a: \xed\xa0\x80", "Y-ENCODING"), "bad_utf8": (b"\xff\xff\xff", "Y-ENCODING"), "overlong": (b"a: \xc0\xaf", "Y-ENCODING"),
        "control": ("a: \x07", "Y-CONTROL"), "del": ("a: \x7f", ""), "c1": ("a: \x80\x9f", ""), "fffe": ("a: \ufffe", ""), "nel": ("a: b\x85c: d", ""),
        "cr": (SOUND.replace("\n", "\r"), ""), "crlf": (SOUND.replace("\n", "\r\n"), ""), "ls": (SOUND.replace("\n", "\u2028"), ""),
        "tabs": (SOUND.replace("  ", "\t"), "Y-"), "colon": (":" * 10_000, ""), "quotes": ("'" * 9_999, ""), "brackets": ("{" * 40, ""),
        "percent": ("%" * 1000, ""), "stars": ("*" * 1000, ""), "amps": ("&" * 1000 + " a", ""), "dashes": ("---\n" * 1_000, ""),
        "long_key": ("k" * 2_000 + ": 1", ""), "escapes": ('a: "' + "\\U0001F600" * 10_000 + '"', ""), "bad_escape": ('a: "\\xZZ"', ""),
        "bad_escape2": ('a: "\\uD800"', ""), "bad_escape3": ('a: "\\UFFFFFFFF"', ""), "block": ("a: |\n" + " x\n" * 100_000, ""),
        "fold": ("a: >9999999\n x", ""), "pickle": (b"\x80\x04\x95", ""), "zip": (b"PK\3\4", ""), "elf": (b"\x7fELF" + bytes(100), ""),
        "json": ('{"programme": "kurgan_ipss", "id": "\\ud800"}', ""), "nan": ("a: .nan\nb: .inf\nc: 0x1F\nd: 1_0\ne: 12:30:45", ""),
    }  # fmt: skip
    for name, (text, code) in raw.items():
        yield f"text/{name}", text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, code


SIGNS = {
    "bidi": "Ив\u202eанов", "isolate": "Ив\u2066ан", "mark": "\u200fИван", "zero": "Ив\u200bан", "bom": "Ив\ufeffан", "nbsp": "Ив\xa0ан",
    "latin": "Ceмья", "greek": "Αнна", "nfd": "Йорик", "combining": "и" + "\u0301" * 5_000, "emoji": "👨‍👩‍👧", "private": "\ue000",
    "tag": "\U000e0041\U000e0042", "newline": "a\\nb", "escape": "\\e[2J\\e]0;x\\a", "null": "\\0", "braces": "{{7*7}}", "block": "{% if 1 %}",
    "ssti": "{{ cycler.__init__.__globals__.os.popen('touch pwned').read() }}", "docxtpl": "{_{7*7}_}", "xml": "</w:t></w:r><w:altChunk/>&xxe;]]>",
    "formula": "=cmd|' /C calc'!A0", "formula2": "+1+1", "formula3": "@SUM(1)", "formula4": "-2+3", "tabbed": "\\t=1+1",
    "path": "../../../../etc/passwd", "absolute": "/etc/passwd", "windows": "C:\\\\evil", "unc": "\\\\\\\\host\\\\share", "device": "CON", "nul": "NUL.txt",
    "stream": "a:b", "dots": "...", "long": "Я" * 599, "longer": "Я" * 30_000, "million": "Я" * 1_000_000, "percent": "%s%n%x", "shell": "$(touch pwned)`id`;|&",
    "html": "<script>alert(1)</script>", "sql": "'; DROP TABLE documents; --", "fdd": "\ufdd0 0 \ufdd1", "fffe": "\ufffe", "surrogate": "\\ud800",
    "format": "{0.__class__}", "url": "http://127.0.0.1:{port}/x", "space": " ", "only_zero": "\u200b", "soft": "Ив\u00adан", "arabic": "محمد", "math": "𝐀𝐧𝐧𝐚",
}  # fmt: skip

FIELDS = {
    "surname": f"last_name: {CANARY.capitalize()}\n    first_name: Вера", "family": f"display_name: семья {CANARY}", "text": f"text: просит помочь {CANARY}",
    "organisation": "short_name: ЦСПС", "id": "id: T-1", "number": "number: 7/2025", "member": "id: m.one", "date": "received_on: 2025-02-18",
    "birth": "birth_date: 2014-06-17", "relation": "relation: мать", "programme": "programme: kurgan_ipss", "position": "position: психолог",
}  # fmt: skip


def values() -> Texts:
    """Sound cases in which one value is hostile."""
    for field, old in FIELDS.items():
        key, _, rest = old.partition(": ")
        tail = "\n" + rest.split("\n", 1)[1] if "\n" in rest else ""
        for name, value in SIGNS.items():
            quoted = value.replace('"', '\\"') if not value.startswith("\\u") else value
            quoted = quoted if "\\" in value else quoted.replace("\\", "\\\\")
            text = SOUND.replace(old, f'{key}: "{quoted}"{tail}', 1)
            yield f"value/{field}/{name}", text.encode("utf-8", "surrogatepass"), ""
    for name, old, new in (
        ("year_1", "2014-06-17", "0001-01-01"), ("year_9999", "2014-06-17", "9999-12-31"), ("received_9999", "2025-02-18", "9999-12-31"),
        ("received_1", "2025-02-18", "0001-01-01"), ("received_0", "2025-02-18", "0000-00-00"), ("received_big", "2025-02-18", "99999999-01-01"),
        ("received_words", "2025-02-18", "'2025-02-18T00:00:00Z'"), ("received_number", "2025-02-18", "1" * 5_000), ("list_for_text", "Вера", "[a, b]"),
        ("map_for_text", "Вера", "{a: b}"), ("text_for_list", "[c.one]", "c.one"), ("null", "Вера", "null"), ("loop", "[c.one]", "[m.one, c.one, c.one]"),
        ("nobody", "[c.one]", "[nobody]"), ("sex", "sex: female", f"sex: {CANARY}"), ("unknown", "channel:", f"{CANARY}:"), ("channel", "self_appeal", CANARY),
        ("bait", "Вера", BAIT), ("programme_path", "kurgan_ipss", "../../../etc"), ("programme_dots", "kurgan_ipss", "papka.core"),
    ):  # fmt: skip
        yield f"value/shape/{name}", SOUND.replace(old, new, 1).encode(), ""


def large() -> Texts:
    """Sound cases that are very large."""
    child = "  - id: c.n{n}\n    last_name: {c}\n    first_name: Олег\n    sex: male\n    birth_date: 2014-06-17\n    relation: сын\n"
    many = "".join(child.format(n=n, c=CANARY.capitalize()) for n in range(10_000))
    yield "large/children", SOUND.replace("referral:", many + "referral:").encode(), ""
    yield (
        "large/same_ids",
        SOUND.replace("referral:", child.format(n=1, c="Икс") * 5_000 + "referral:").encode(),
        "",
    )
    refs = ", ".join(["c.one"] * 100_000)
    yield "large/references", SOUND.replace("[c.one]", f"[{refs}]").encode(), ""
    strangers = ", ".join(f"c.{n}" for n in range(20_000))
    yield "large/strangers", SOUND.replace("[c.one]", f"[{strangers}]").encode(), ""
    visits = "".join(f"- on: 2025-03-{n % 28 + 1:02}\n  text: x\n" for n in range(10_000))
    yield "large/contacts", (SOUND + "contacts:\n" + visits).encode(), ""
    yield "large/monitoring", (SOUND + "monitoring:\n" + visits).encode(), ""
    yield (
        "large/unknown_keys",
        SOUND.replace(
            "    sex: male", "".join(f"    k{n}x: 1\n" for n in range(3_000)) + "    sex: male"
        ).encode(),
        "",
    )


def mutated(count: int, seed: int) -> Texts:
    """Sound cases with letters changed by chance."""
    dice = random.Random(seed)
    for number in range(count):
        body = bytearray(SOUND.encode())
        for _ in range(dice.choice((1, 2, 6, 30))):
            at = dice.randrange(len(body))
            what = dice.randrange(4)
            if what == 0:
                del body[at : at + dice.choice((1, 4, 40))]
            elif what == 1:
                body[at:at] = dice.choice(
                    (
                        b": ",
                        b"- ",
                        b"[",
                        b"}",
                        b"&a ",
                        b"*a ",
                        b"!x ",
                        b"|\n",
                        b"\t",
                        b"\xff",
                        b"\0",
                        b"'",
                        b"#",
                        b"? ",
                    )
                )
            elif what == 2:
                body[at] = dice.randrange(256)
            else:
                line = body.rfind(b"\n", 0, at) + 1
                body[line:line] = body[line : body.find(b"\n", line) + 1]
        yield f"mutated/{seed}_{number}", bytes(body), ""
