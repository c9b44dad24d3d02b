"""`manage.py ingest PATH …`: reads documents of Launch Library into the database."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typing_extensions import override

from spacedb.catalogue.models import is_empty
from spacedb.ingest.batches import IngestWarning
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.formats import SUFFIXES, read_standard_input
from spacedb.ingest.ingest import STANDARD_INPUT, IngestError, IngestSummary, ingest_files
from spacedb.ingest.messages import escape_unprintable, list_counts
from spacedb.ingest.progress import progress_bar

MAX_WARNINGS = 50
"""The number of warnings that are printed."""


class Command(BaseCommand):
    help = (
        "Read responses of Launch Library into the database: JSON files with pages, single objects or lists of them. "
        "If a file is refused, nothing is written. In folders, files that are not a response are skipped."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            type=Path,
            metavar="PATH",
            help="a JSON file, a folder with JSON files, or - for standard input",
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the database contains any objects")
        parser.add_argument("--dry-run", action="store_true", help="report the changes without writing them")
        parser.add_argument(
            "--overwrite", action="store_true", help="also write objects that are older than the stored ones"
        )
        parser.add_argument(
            "--strict",
            action="store_true",
            help="refuse files with an invalid value instead of printing a warning",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            return
        files = _files(options["paths"])
        console = Console(file=cast("TextIO", self.stdout), soft_wrap=True)
        standard_input = _read_standard_input() if STANDARD_INPUT in files else b""
        try:
            with progress_bar(console, hidden=options["verbosity"] == 0) as progress:
                summary = ingest_files(
                    progress.track(files, description="Ingesting"),
                    optional=files.keys() - set(options["paths"]),
                    standard_input=standard_input,
                    dry_run=options["dry_run"],
                    overwrite=options["overwrite"],
                    strict=options["strict"],
                )
        except IngestError as error:
            raise CommandError(
                "\n".join([*(_line(name, reason) for name, reason in error.refused), "Nothing was written."])
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
        if summary.older:
            older = list_counts(summary.older)
            console.print(f"Older than the stored objects and left alone: {older}. --overwrite writes them.")
        if summary.deleted:
            console.print(f"Deleted, because the documents no longer contain them: {list_counts(summary.deleted)}.")
        for skipped in summary.skipped:
            console.print(_escape(f"Skipped {_line(*skipped)}"))


def _print_warnings(console: Console, warnings: Sequence[IngestWarning], maximum: int | None) -> None:
    for warning in warnings[:maximum]:
        console.print(_escape(str(warning)))
    if maximum is not None and len(warnings) > maximum:
        console.print(f"{len(warnings) - maximum} more warnings: --verbosity 2 prints all.")


def _line(name: str, reason: str) -> str:
    return escape_unprintable(f"{name}: {reason}")


def _escape(text: str) -> str:
    """Text of a document, safe to print with rich."""
    return escape(escape_unprintable(text))


def _read_standard_input() -> bytes:
    try:
        return read_standard_input()
    except (DocumentError, OSError) as error:
        raise CommandError(_line(str(STANDARD_INPUT), str(error))) from error


def _files(paths: Iterable[Path]) -> dict[Path, None]:
    """The files at these paths, in order and without repetitions. Raises `CommandError` if a path leads to none."""
    files: dict[Path, None] = {}
    for path in paths:
        try:
            found = sorted(_files_in(path)) if path.is_dir() else [path]
            is_missing = path != STANDARD_INPUT and not path.exists()
        except OSError as error:  # for example, the name is too long
            raise CommandError(_line(str(path), error.strerror or str(error))) from error
        if is_missing:
            raise CommandError(_line(str(path), "no such file or folder"))
        if not found:
            raise CommandError(_line(str(path), f"this folder contains no files named *{', *'.join(SUFFIXES)}"))
        files |= dict.fromkeys(found)
    return files


def _files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.name.endswith(SUFFIXES) and not path.is_dir())
