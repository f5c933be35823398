"""The root of the command line: it finds the command, runs it, and says what went wrong in one voice.

Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from itertools import takewhile
from pathlib import Path

import click

from . import commandline, i18n
from .errors import PapkaError, Refused
from .folders import language_here


class Commands(click.Group):
    """The commands of papka and of its plugins, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names."""
        return list(commandline.commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        spec = commandline.commands().get(cmd_name)
        if spec is None:
            return None
        module, _, name = spec.target.partition(":")
        try:
            command = getattr(import_module(module), name)
        except Exception as error:
            words = i18n.tr(
                "The command {name} cannot be loaded from {target} ({error}). See: papka plugins."
            )
            kind = type(error).__name__
            raise PapkaError(words.format(name=cmd_name, target=spec.target, error=kind)) from error
        if not isinstance(command, click.Command):
            raise PapkaError(i18n.tr("{target} is no command.").format(target=spec.target))
        return _named(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List names and summaries without importing a command."""
        language = i18n.current_language()
        rows = [(spec.name, spec.line(language)) for spec in commandline.commands().values()]
        with formatter.section(i18n.tr("Commands")):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown name suggest the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            words = i18n.tr("There is no command {name}.").format(name=args[0])
            if near:
                words += " " + i18n.tr("Did you mean {name}?").format(name=near[0])
            raise click.UsageError(words, ctx) from error


def _named(command: click.Command) -> click.Command:
    """Name a command's arguments in the reader's language."""
    names = {
        "case": i18n.tr("CASE"),
        "documents": i18n.tr("[DOCUMENT]..."),
        "folder": i18n.tr("[FOLDER]"),
        "file": i18n.tr("FILE"),
        "document": i18n.tr("DOCUMENT"),
        "out": i18n.tr("FILE"),
        "programme": i18n.tr("PROGRAMME"),
    }
    command.options_metavar = i18n.tr("[OPTIONS]")
    for parameter in command.params:
        if isinstance(parameter, click.Argument) and parameter.name in names:
            name = names[parameter.name]
            parameter.metavar = name if parameter.required or name.startswith("[") else f"[{name}]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = i18n.tr("COMMAND [ARGUMENT]...")
        for one in command.commands.values():
            _named(one)
    return command


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from .. import __version__

        click.echo(f"papka {__version__}")
        ctx.exit()


def build() -> Commands:
    """Make the root command, in the language that was chosen."""
    helped = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
    root = Commands(
        name="papka",
        help=i18n.tr("Papka holds a family's papers: from a case to Word and PDF, ready to sign."),
        context_settings=helped,
        options_metavar=i18n.tr("[OPTIONS]"),
        subcommand_metavar=i18n.tr("COMMAND [ARGUMENT]..."),
    )
    root.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help=i18n.tr("Show the version."),
        )
    )
    root.params.append(
        click.Option(
            ["--safe"],
            is_flag=True,
            expose_value=False,
            help=i18n.tr("Before a command: load only the plugins that the office's settings name."),
        )
    )
    root.params.append(
        click.Option(["--debug"], is_flag=True, expose_value=False, help=i18n.tr("Show where papka failed."))
    )
    return root


def main(arguments: list[str] | None = None) -> None:
    """Run papka: exit 0 done, 1 could not, 2 asked wrongly, 3 done with findings that block."""
    given = sys.argv[1:] if arguments is None else arguments
    # Pydantic would ask every installed distribution for plugins of its own, and stop at a broken one.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _have_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # An old Windows terminal cannot show every sign; a question mark is better than a crash.
            stream.reconfigure(errors="replace")
    # A command makes many things at once and few that go in circles: looking for these is left for later.
    gc.set_threshold(50_000, 20, 100)
    i18n.speak(None if "PAPKA_LANG" in os.environ else language_here(Path.cwd()))
    sys.exit(_run(given))


def _have_streams() -> None:
    """Put what leads nowhere in the place of a stream that papka was started without."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  to the end


def _run(given: list[str]) -> int:
    debug, given = "--debug" in given, [word for word in given if word != "--debug"]
    if "--safe" in takewhile(lambda word: word.startswith("-"), given):
        # In the environment, so that the processes which papka starts know of it too.
        os.environ["PAPKA_SAFE"] = "1"
    try:
        result = build().main(args=given, prog_name="papka", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo(i18n.tr("Stopped."), err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Refused as refused:
        from .report import show_refusal

        show_refusal(refused, as_json="--json" in given)
        return refused.exit_code
    except PapkaError as error:
        if debug:
            raise
        click.echo(i18n.tr("Error: {text}").format(text=error), err=True)
        return error.exit_code
    except OSError as error:
        if debug:
            raise
        return _told(error)
    except (RecursionError, MemoryError) as error:
        if debug:
            raise
        deep = isinstance(error, RecursionError)
        words = (
            i18n.tr("A file is nested too deep.")
            if deep
            else i18n.tr("There is not enough memory for this file.")
        )
        click.echo(i18n.tr("Error: {text}").format(text=words), err=True)
        return 1
    except Exception as error:
        if debug:
            raise
        if isinstance(error, RuntimeError) and "Symlink loop" in str(error):
            # So `Path.resolve` says of older Pythons what the system calls ELOOP.
            return _told(OSError(errno.ELOOP, ""))
        words = i18n.tr("Papka failed ({kind}). Run the same command with --debug and send us what it shows.")
        click.echo(words.format(kind=type(error).__name__), err=True)
        return 1


def _told(error: OSError) -> int:
    """Say why the system would not do it."""
    from .oserrors import why

    words = i18n.tr(
        "The system did not let papka at a file or a folder: {reason}. See that the disk is there and "
        "has room, then run the same again."
    )
    click.echo(i18n.tr("Error: {text}").format(text=words.format(reason=why(error))), err=True)
    return 1
