"""`manage.py mirror`: another server's catalogue, copied politely, put in place as a whole, kept fresh."""

import logging
import re
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console

import spacedb
from flights.recount import recount
from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import Collection, collections
from spacedb.mirror.errors import MirrorError, database_trouble, file_trouble
from spacedb.mirror.reports import report, shown
from spacedb.mirror.service import Job, sentences
from spacedb.mirror.source import Source
from spacedb.mirror.status import lines

SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
LONGEST = 366 * SECONDS["d"]
MAX_DELETE = 50
KEPT = "What has come is kept; the next run goes on from there."

logger = logging.getLogger("spacedb.mirror")


class Stopped(SystemExit):
    """SIGTERM. As the exit that it is, it gets through whatever runs."""


class Command(BaseCommand):
    help = (
        "Copy the catalogue of Launch Library, or of another server of version 2.3.0, into the database: every page "
        "is kept as it comes, and when the last one is here all of it is applied, or nothing. Can be interrupted at "
        "any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="source",
            default=settings.MIRROR_SOURCE,
            metavar="URL",
            help="the root of the source; without it MIRROR_SOURCE",
        )
        parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these endpoints alone: spacecraft")
        parser.add_argument(
            "--token",
            metavar="FILE",
            help="a file with the token for the source, or - for standard input; without it MIRROR_TOKEN. Not the "
            "token itself: what stands on a command line, others can read",
        )
        parser.add_argument("--prune", action="store_true", help="remove what the source does not have any longer")
        parser.add_argument(
            "--max-delete",
            type=_percent,
            metavar="PERCENT",
            help="with --prune: if more than this part of a collection would go, none of it goes "
            f"(default: {MAX_DELETE}). The source may have lost something",
        )
        parser.add_argument("--dry-run", action="store_true", help="read everything, say what would change, no more")
        parser.add_argument("--restart", action="store_true", help="forget the pages of an interrupted pass")
        parser.add_argument(
            "--every",
            type=_seconds,
            metavar="DURATION",
            help="go on for ever, a pass every 6h, 1h30m or 1d; in between, recount what is in space",
        )
        parser.add_argument("--status", action="store_true", help="say what was mirrored and how old it is, no more")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = self._job(options)
            if options["status"]:
                for line in lines(job.source.url, job.spool):
                    self.stdout.write(shown(line))
                return
            if options["restart"]:
                with job.spool.locked():
                    job.spool.clear()
            with _stopped_by_signals():
                self._run(job, options["every"], verbose=options["verbosity"] > 0)
        except MirrorError as error:
            raise CommandError(shown(str(error))) from error
        except DatabaseError as error:
            raise CommandError(shown(database_trouble(error))) from error
        except OSError as error:
            raise CommandError(shown(file_trouble(error))) from error
        except KeyboardInterrupt:
            self.stderr.write(f"Interrupted. {KEPT}")
            sys.exit(130)
        except Stopped:
            self.stderr.write(f"Stopped. {KEPT}")
            sys.exit(0 if options["every"] else 143)

    def _job(self, options: dict[str, Any]) -> Job:
        if options["every"] is not None and options["dry_run"]:
            raise CommandError("--every and --dry-run: what would change is told once.")
        if options["max_delete"] is not None and not options["prune"]:
            raise CommandError("--max-delete without --prune: nothing would be removed.")
        source = Source.of(options["source"])
        max_delete = MAX_DELETE if options["max_delete"] is None else options["max_delete"]
        contact = f"; {settings.MIRROR_CONTACT}" if settings.MIRROR_CONTACT else ""
        return Job(
            source,
            _chosen(options["only"]),
            settings.MIRROR_SPOOL,
            agent=f"spacedb/{spacedb.__version__} (mirror{contact})",
            token=_token(options["token"]),
            reserve=settings.MIRROR_RESERVE,
            max_delete=max_delete if options["prune"] else None,
            dry_run=options["dry_run"],
        )

    def _run(self, job: Job, every: float | None, *, verbose: bool) -> None:
        with report(Console(stderr=True, soft_wrap=True, quiet=not verbose)) as told:
            if every is not None:
                job.forever(every, Clock(), told, _recount)
            outcome = job.once(Clock(), told)
        if verbose:
            for line in sentences(outcome, dry_run=job.dry_run):
                self.stdout.write(shown(line))


def _recount() -> None:
    """What is in space has been there a while longer."""
    try:
        changes = recount(now=timezone.now().replace(microsecond=0)).changes
    except DatabaseError as error:
        logger.error("The totals cannot be recounted: %s", error)
    else:
        logger.info("%s totals recounted", len(changes))


def _chosen(names: Sequence[str]) -> Sequence[Collection]:
    known = {collection.name: collection for collection in collections()}
    if unknown := [name for name in names if name.strip("/") not in known]:
        raise CommandError(f"There is no {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    wanted = {name.strip("/") for name in names}
    return [collection for name, collection in known.items() if not wanted or name in wanted]


def _token(path: str | None) -> str:
    """The token for the source. It is nowhere repeated, nor is what was taken for the name of a file."""
    if path is None:
        return _checked("MIRROR_TOKEN", settings.MIRROR_TOKEN) if settings.MIRROR_TOKEN else ""
    try:
        told = sys.stdin.readline() if path == "-" else Path(path).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise CommandError(
            "--token takes the name of a file that holds the token, or - for standard input, and what was given is no "
            "file that can be read. A token itself does not belong on a command line, where others can read it: put it "
            "into MIRROR_TOKEN or a file."
        ) from None
    return _checked("--token", told)


def _checked(name: str, told: str) -> str:
    """What fits into a header; anything else would come back in the message of an error."""
    if not re.fullmatch(r"[!-~]+", told.strip()):
        raise CommandError(f"{name}: there is no token in what was given, or more than one.")
    return told.strip()


def _seconds(text: str) -> float:
    parts = re.findall(r"([0-9]{1,6})([smhd])", text)
    seconds = sum(int(number) * SECONDS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or not 0 < seconds <= LONGEST:
        raise ArgumentTypeError(f"{text} is not a duration such as 6h, 1h30m or 1d, of a year at most")
    return float(seconds)


def _percent(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > 100:
        raise ArgumentTypeError(f"{text} is not a number from 0 to 100")
    return float(text)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    def terminate(number: int, frame: FrameType | None) -> NoReturn:
        raise Stopped

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    handlers = {signal.SIGTERM: terminate}
    # In place of Python's own, asyncio would put one that cancels what runs, and what runs may lose that.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        handlers[signal.SIGINT] = interrupt
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
