"""`manage.py ingest PATH …`: reads documents of Launch Library into the database."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typing_extensions import override

from spacedb.catalogue.models import is_empty
from spacedb.ingest.ingest import IngestError, IngestSummary, IngestWarning, ingest_files
from spacedb.ingest.messages import escape_unprintable

MAX_WARNINGS = 50
"""The number of warnings that are printed."""


class Command(BaseCommand):
    help = (
        "Read documents of Launch Library into the database: JSON files with pages, single objects or lists of "
        "objects. If one file is invalid, nothing is written."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a JSON file, or a folder with JSON files"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the database contains any objects")
        parser.add_argument("--dry-run", action="store_true", help="report the changes without writing them")
        parser.add_argument(
            "--strict",
            action="store_true",
            help="write nothing if a value is invalid, instead of a warning",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            return
        files = list(dict.fromkeys(_files(options["paths"])))
        console = Console(file=cast("TextIO", self.stdout), soft_wrap=True)
        try:
            with _progress(console, hidden=options["verbosity"] == 0) as progress:
                summary = ingest_files(
                    progress.track(files, description="Ingesting"),
                    dry_run=options["dry_run"],
                    strict=options["strict"],
                )
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        except IngestError as error:
            raise CommandError(
                "\n".join([*(f"{name}: {reason}" for name, reason in error.refused), "Nothing was written."])
            ) from error
        if options["verbosity"] > 0:
            self._report(console, summary, dry_run=options["dry_run"])
            _print_warnings(console, summary.warnings, MAX_WARNINGS if options["verbosity"] == 1 else None)

    def _report(self, console: Console, summary: IngestSummary, *, dry_run: bool) -> None:
        table = Table(title="Dry run: nothing was written" if dry_run else None)
        table.add_column("")
        for title in ("created", "updated", "unchanged"):
            table.add_column(title, justify="right")
        for name, counts in summary.models.items():
            table.add_row(escape(name), *(str(count) for count in counts))
        table.add_section()
        table.add_row("Total", *(str(sum(counts)) for counts in zip(*summary.models.values(), strict=True)))
        console.print(table)


def _print_warnings(console: Console, warnings: Sequence[IngestWarning], maximum: int | None) -> None:
    for warning in warnings[:maximum]:
        console.print(escape(escape_unprintable(str(warning))))
    if maximum is not None and len(warnings) > maximum:
        console.print(f"{len(warnings) - maximum} more warnings: --verbosity 2 prints all.")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            files = sorted(path.rglob("*.json"))
            if not files:
                raise CommandError(f"{path}: this folder contains no .json files")
            yield from files
        elif path.exists():
            yield path
        else:
            raise CommandError(f"{path}: no such file or folder")


def _progress(console: Console, *, hidden: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    )
