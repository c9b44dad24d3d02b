"""`manage.py recount [SPACECRAFT_ID …]`: recounts the stored totals from flights, dockings and landings."""

import datetime as dt
from argparse import ArgumentParser
from itertools import groupby
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from isodate import duration_isoformat
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typing_extensions import override

from flights.recount import RecountSummary, recount
from spacecraft.models import Spacecraft


class Command(BaseCommand):
    help = (
        "Recount the stored totals of flights, spacecraft, configurations and families from flights, dockings and "
        "landings. Running flights count up to now. Totals from a document are not overwritten until all flights that "
        "they count are stored. Everything is written in one transaction."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "ids", nargs="*", type=int, metavar="SPACECRAFT_ID", help="ids of the spacecraft to recount (default: all)"
        )
        parser.add_argument("--dry-run", action="store_true", help="print the changes without writing them")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now().replace(microsecond=0)
        try:
            summary = recount(options["ids"] or None, now=now, dry_run=options["dry_run"])
        except Spacecraft.DoesNotExist as error:
            raise CommandError(f"{error}\nNothing was written.") from error
        if options["verbosity"] > 0:
            self._report(Console(file=cast("TextIO", self.stdout), soft_wrap=True), summary, options["dry_run"])

    def _report(self, console: Console, summary: RecountSummary, dry_run: bool) -> None:
        if summary.changes:
            console.print(_build_table(summary, "Dry run: nothing was written" if dry_run else None))
        console.print(f"{summary.recounted} spacecraft recounted, {len(summary.changes)} totals changed.")
        if summary.skipped:
            console.print(f"{summary.skipped} spacecraft skipped, as not all of their flights are stored.")


def _build_table(summary: RecountSummary, title: str | None) -> Table:
    table = Table(title=title)
    table.add_column("")
    table.add_column("total", no_wrap=True)
    table.add_column("before", no_wrap=True, justify="right")
    table.add_column("after", no_wrap=True, justify="right")
    for row, group in groupby(summary.changes, key=lambda change: change.instance):
        changes = list(group)
        table.add_row(
            escape(f"{row._meta.verbose_name} {row.pk}\n{row}"),
            "\n".join(change.field for change in changes),
            "\n".join(_format(change.before) for change in changes),
            "\n".join(_format(change.after) for change in changes),
            end_section=True,
        )
    return table


def _format(value: Any) -> str:
    """Format a value as the API does."""
    if value is None:
        return "null"
    return duration_isoformat(value) if isinstance(value, dt.timedelta) else str(value).lower()
