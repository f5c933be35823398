"""Paper out: templates, rendering, the papers' language, PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..core import CommandSpec, Filter, Finding, LanguagePack, hookimpl


@hookimpl
def papka_languages() -> Sequence[LanguagePack]:
    """Bring Russian."""
    from ..core.i18n import counted_in, said_in
    from .language.filters import RUSSIAN
    from .language.printing import printed

    return [LanguagePack("ru", printed, RUSSIAN, said_in("ru"), counted_in("ru"), tag="ru-RU")]


@hookimpl
def papka_filters() -> Sequence[Filter]:
    """Bring the filters that belong to no language, and the pictures."""
    from .language.filters import SHARED
    from .pictures.filters import FILTERS as PICTURES

    return [*SHARED, *PICTURES]


@hookimpl
def papka_commands() -> Sequence[CommandSpec]:
    """Bring the commands that make papers."""
    return [
        CommandSpec(
            "render",
            "papka.output.commands:render",
            {"en": "Draw up documents as Word and PDF.", "ru": "Составить документы в Word и PDF."},
        ),
        CommandSpec(
            "status",
            "papka.output.issued.status_commands:status",
            {
                "en": "Show stage, level and papers of a case.",
                "ru": "Показать этап, уровень и документы дела.",
            },
        ),
        CommandSpec(
            "init",
            "papka.output.issued.issue_commands:init",
            {"en": "Make an office.", "ru": "Создать папку учреждения."},
        ),
        CommandSpec(
            "issue",
            "papka.output.issued.issue_commands:issue",
            {
                "en": "Issue papers: number, write, record.",
                "ru": "Выпустить документы: номер, запись в журнал.",
            },
        ),
        CommandSpec(
            "journal",
            "papka.output.issued.issue_commands:journal",
            {"en": "Show what was issued.", "ru": "Показать, что выпущено."},
        ),
        CommandSpec(
            "verify",
            "papka.output.issued.issue_commands:verify",
            {"en": "Check an issued file.", "ru": "Проверить выпущенный файл."},
        ),
        CommandSpec(
            "why",
            "papka.output.explaining.why_commands:why",
            {
                "en": "Say where a sentence of a paper comes from.",
                "ru": "Сказать, откуда на бумаге эти слова.",
            },
        ),
        CommandSpec(
            "template",
            "papka.output.bench.commands:template",
            {
                "en": "Check, mend, explain, try and compare templates.",
                "ru": "Проверить, исправить, пояснить, испытать и сравнить шаблоны.",
            },
        ),
        CommandSpec(
            "due",
            "papka.output.registers.due_command:due",
            {"en": "Show what is late and what comes next.", "ru": "Показать, что просрочено и что впереди."},
        ),
        CommandSpec(
            "report",
            "papka.output.registers.commands:report",
            {
                "en": "Draw registers and reports from all cases.",
                "ru": "Составить журналы и отчёты по всем делам.",
            },
        ),
        CommandSpec(
            "batch",
            "papka.output.batch.commands:batch",
            {
                "en": "Draw up or issue papers of many cases.",
                "ru": "Составить или выпустить документы многих дел.",
            },
        ),
        CommandSpec(
            "backup",
            "papka.output.keeping.commands:backup",
            {"en": "Save the office as one file.", "ru": "Сохранить копию учреждения одним файлом."},
        ),
        CommandSpec(
            "restore",
            "papka.output.keeping.commands:restore",
            {"en": "Put an office in place from a backup.", "ru": "Восстановить учреждение из копии."},
        ),
        CommandSpec(
            "upgrade",
            "papka.output.keeping.upgrade_command:upgrade",
            {
                "en": "Bring an office up to this papka.",
                "ru": "Обновить учреждение до этой версии papka.",
            },
        ),
        CommandSpec(
            "anonymise",
            "papka.output.keeping.commands:anonymise",
            {
                "en": "Copy a case for training, without the family.",
                "ru": "Снять с дела обезличенную копию для обучения.",
            },
        ),
        CommandSpec(
            "destroy",
            "papka.output.keeping.commands:destroy",
            {
                "en": "Destroy a case's personal data by an act.",
                "ru": "Уничтожить персональные данные дела по акту.",
            },
        ),
        CommandSpec(
            "export",
            "papka.output.keeping.commands:export",
            {"en": "Encrypt papers that leave the house.", "ru": "Зашифровать документы для отправки."},
        ),
        CommandSpec(
            "packet",
            "papka.output.packets.packet_commands:packet",
            {
                "en": "Bind issued papers into one PDF to print.",
                "ru": "Собрать выпущенные документы в один PDF для печати.",
            },
        ),
        CommandSpec(
            "scan",
            "papka.output.scanning.commands:scan",
            {
                "en": "File scans of signed papers; say what is missing.",
                "ru": "Подшить сканы подписанных документов; сказать, чего не хватает.",
            },
        ),
        CommandSpec(
            "sign",
            "papka.output.signing.commands:sign",
            {"en": "Have an issued paper signed.", "ru": "Подписать выпущенный документ."},
        ),
        CommandSpec(
            "demo",
            "papka.output.commands:demo",
            {
                "en": "Show papka at work on an example.",
                "ru": "Показать работу на примере.",
            },
        ),
        CommandSpec(
            "names",
            "papka.output.commands:names",
            {"en": "Show forms of names to confirm.", "ru": "Показать формы имён, которые надо подтвердить."},
        ),
        CommandSpec(
            "doctor",
            "papka.output.commands:doctor",
            {"en": "Say what papka works with here.", "ru": "Сказать, с чем здесь работает papka."},
        ),
    ]


@hookimpl
def papka_findings(programme: str, context: Mapping[str, object], on: date) -> Sequence[Finding]:
    """Ask for a look at names whose grammatical forms are in doubt, where papers are Russian."""
    from .naming import findings

    known = context["programme"]
    russian = not isinstance(known, Mapping) or known["language"] == "ru"
    return findings(context) if russian else []
