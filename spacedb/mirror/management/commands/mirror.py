"""`manage.py mirror`: copy the catalogue of another server into the database."""

import logging
import re
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from typing_extensions import override

import spacedb
from flights.recount import recount
from spacedb.databases.errors import error_message
from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import UnknownEndpointError, select_collections
from spacedb.mirror.daily_budget import DailyBudget
from spacedb.mirror.errors import MirrorError, describe_file_error
from spacedb.mirror.messages import count_of
from spacedb.mirror.reports import format_message, open_reporter
from spacedb.mirror.service import Job
from spacedb.mirror.source import Source
from spacedb.mirror.status import status_lines
from spacedb.mirror.summary import summarize

UNIT_SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
MAX_INTERVAL_SECONDS = 366 * UNIT_SECONDS["d"]
DEFAULT_MAX_DELETE = 50
"""Percent."""
RESUMABLE = "The stored pages are preserved, and the same command resumes from them."
EXIT_INTERRUPTED, EXIT_TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM

logger = logging.getLogger("spacedb.mirror")


class Terminated(SystemExit):
    """SIGTERM was received. As a `SystemExit` it is not caught by libraries."""


class Command(BaseCommand):
    help = (
        "Copy the catalogue of Launch Library, or of another server of version 2.3.0, into the database. The first run "
        "reads everything. Later runs read the changes of launches and events, and the other collections in turn. All "
        "pages are stored as they arrive, and applied in one transaction after the last one. The command can be "
        "interrupted at any time."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="source",
            default=settings.MIRROR_SOURCE,
            metavar="URL",
            help="the root URL of the source (default: MIRROR_SOURCE)",
        )
        parser.add_argument(
            "--only",
            nargs="+",
            default=[],
            metavar="NAME",
            help="mirror all pages of these endpoints only, such as spacecraft",
        )
        parser.add_argument("--full", action="store_true", help="read all pages of all endpoints")
        parser.add_argument(
            "--budget",
            type=_parse_budget,
            metavar="REQUESTS/day",
            help="the maximum number of requests that incremental runs send in 24 hours (default: MIRROR_BUDGET)",
        )
        parser.add_argument(
            "--token",
            metavar="FILE",
            help="a file with the token for the source, or - for standard input (default: MIRROR_TOKEN). Not the token "
            "itself: other users can read command lines",
        )
        parser.add_argument("--prune", action="store_true", help="delete objects that the source no longer has")
        parser.add_argument(
            "--max-delete",
            type=_parse_percentage,
            metavar="PERCENT",
            help="with --prune: if more than this percentage of a collection is missing, delete none of it "
            f"(default: {DEFAULT_MAX_DELETE}), because the source may have lost data",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="read all pages and report the changes, but do not apply them"
        )
        parser.add_argument(
            "--strict", action="store_true", help="refuse pages with an invalid value instead of reporting a warning"
        )
        parser.add_argument("--restart", action="store_true", help="discard the pages of an interrupted run")
        parser.add_argument(
            "--every",
            type=_parse_interval,
            metavar="DURATION",
            help="run forever, at an interval such as 6h, 1h30m or 1d, and recount totals every hour",
        )
        parser.add_argument(
            "--plan", action="store_true", help="show what the next run would request and why, and exit"
        )
        parser.add_argument(
            "--status",
            action="store_true",
            help="show the mirrored collections, their age and what the last runs changed, and exit",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = self._build_job(options)
            if options["status"] or options["plan"]:
                status = status_lines(job.source.url, job.page_store) if options["status"] else ()
                for line in (*status, *(job.plan_lines(Clock()) if options["plan"] else ())):
                    self.stdout.write(format_message(line))
                return
            if options["restart"]:
                job.restart()
            with _signal_handlers():
                self._run(job, options["every"], verbose=options["verbosity"] > 0)
        except MirrorError as error:
            raise CommandError(format_message(str(error))) from error
        except DatabaseError as error:
            raise CommandError(format_message(error_message(error))) from error
        except BrokenPipeError:  # not an error of a file: spacedb.command_line ends the command
            raise
        except OSError as error:
            raise CommandError(format_message(describe_file_error(error))) from error
        except KeyboardInterrupt:
            self.stderr.write(f"Interrupted. {RESUMABLE}")
            sys.exit(EXIT_INTERRUPTED)
        except Terminated:
            self.stderr.write(f"Terminated. {RESUMABLE}")
            sys.exit(0 if options["every"] else EXIT_TERMINATED)

    def _build_job(self, options: dict[str, Any]) -> Job:
        if options["every"] is not None and options["dry_run"]:
            raise CommandError("--every cannot be combined with --dry-run.")
        if options["max_delete"] is not None and not options["prune"]:
            raise CommandError("--max-delete requires --prune.")
        source = Source.parse(options["source"])
        try:
            collections = select_collections(options["only"])
        except UnknownEndpointError as error:
            raise CommandError(str(error)) from error
        max_delete = DEFAULT_MAX_DELETE if options["max_delete"] is None else options["max_delete"]
        contact = f"; {settings.MIRROR_CONTACT}" if settings.MIRROR_CONTACT else ""
        return Job(
            source,
            collections,
            settings.MIRROR_PAGE_STORE,
            user_agent=f"spacedb/{spacedb.__version__} (mirror{contact})",
            token=_read_token(options["token"]),
            reserve=settings.MIRROR_RESERVE,
            max_delete=max_delete if options["prune"] else None,
            dry_run=options["dry_run"],
            strict=options["strict"],
            is_full=options["full"] or bool(options["only"]),
            has_only=bool(options["only"]),
            daily_budget=options["budget"] or DailyBudget.parse(settings.MIRROR_BUDGET),
        )

    def _run(self, job: Job, interval: float | None, *, verbose: bool) -> None:
        with open_reporter(Console(stderr=True, soft_wrap=True, quiet=not verbose)) as reporter:
            if interval is not None:
                job.run_forever(interval, Clock(), reporter, _recount)
            outcome = job.run_once(Clock(), reporter)
        if verbose:
            for line in summarize(outcome, dry_run=job.dry_run):
                self.stdout.write(format_message(line))


def _recount() -> None:
    """Update the totals that grow with time, such as the time in space."""
    try:
        changes = recount(now=timezone.now().replace(microsecond=0)).changes
    except DatabaseError as error:
        logger.error("The totals cannot be recounted: %s", error_message(error))
    else:
        logger.info("%s recounted", count_of(len(changes), "total"))


def _read_token(path: str | None) -> str:
    """The token for the source. Error messages contain neither the token nor the argument, which could be a token."""
    if path is None:
        return _validate_token("MIRROR_TOKEN", settings.MIRROR_TOKEN) if settings.MIRROR_TOKEN else ""
    try:
        text = sys.stdin.readline() if path == "-" else Path(path).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise CommandError(
            "--token requires the name of a readable file that contains the token, or - for standard input. Do not "
            "pass the token itself, because other users can read command lines. Put it into MIRROR_TOKEN or a file."
        ) from None
    return _validate_token("--token", text)


def _validate_token(name: str, text: str) -> str:
    """The stripped token. It has to fit into a header, because an error of the HTTP client could contain it."""
    if not re.fullmatch(r"[!-~]+", text.strip()):
        raise CommandError(f"{name}: expected one token of printable ASCII characters.")
    return text.strip()


def _parse_interval(text: str) -> float:
    parts = re.findall(r"([0-9]{1,6})([smhd])", text)
    seconds = sum(int(number) * UNIT_SECONDS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or not 0 < seconds <= MAX_INTERVAL_SECONDS:
        raise ArgumentTypeError(f"{text} is not a duration such as 6h, 1h30m or 1d, of at most 366 days")
    return float(seconds)


def _parse_budget(text: str) -> DailyBudget:
    try:
        return DailyBudget.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _parse_percentage(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > 100:
        raise ArgumentTypeError(f"{text} is not a number from 0 to 100")
    return float(text)


@contextmanager
def _signal_handlers() -> Iterator[None]:
    """Convert SIGTERM to `Terminated` and SIGINT to `KeyboardInterrupt` within the block."""

    def terminate(number: int, frame: FrameType | None) -> NoReturn:
        raise Terminated

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    handlers = {signal.SIGTERM: terminate}
    # asyncio replaces Python's default handler of SIGINT by one that cancels the task. Libraries can lose that.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        handlers[signal.SIGINT] = interrupt
    previous = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
