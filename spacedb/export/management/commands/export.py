"""`manage.py export DIRECTORY`: write the catalogue as documents that `ingest` reads."""

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from typing_extensions import override

from spacedb.export.documents import CollectionExport, collection_exports
from spacedb.export.errors import ExportError
from spacedb.export.export import DEFAULT_ORIGIN, ExportSummary, Track, export_to_folder, export_to_stream
from spacedb.export.folder import ExportFolder
from spacedb.ingest import formats
from spacedb.ingest.messages import escape_unprintable
from spacedb.ingest.progress import progress_bar
from spacedb.mirror.collections import UnknownEndpointError

STANDARD_OUTPUT = "-"
MAX_NAMES_SHOWN = 5


class Command(BaseCommand):
    help = (
        "Write the catalogue as JSON files that ingest reads, one for each endpoint. All files are of one revision. "
        "They replace those of an earlier export when all are complete. No other file is overwritten."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory",
            metavar="DIRECTORY",
            help="the folder of the files, which is created, or - to write JSON Lines to standard output",
        )
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="NAME", help="export these endpoints only, such as spacecraft"
        )
        parser.add_argument(
            "--origin",
            type=_parse_origin,
            default=DEFAULT_ORIGIN,
            metavar="URL",
            help=f"the beginning of the URLs in the documents (default: {DEFAULT_ORIGIN})",
        )
        parser.add_argument("--indent", action="store_true", help="write indented JSON instead of JSON Lines")
        parser.add_argument("--gzip", action="store_true", help="compress the files")
        parser.add_argument(
            "--overwrite", action="store_true", help="also replace files that were changed since the last export"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        is_stream = options["directory"] == STANDARD_OUTPUT
        if is_stream and (options["indent"] or options["gzip"] or options["overwrite"]):
            raise CommandError("--indent, --gzip and --overwrite cannot be combined with standard output.")
        console = Console(stderr=True, soft_wrap=True, quiet=options["verbosity"] == 0)
        try:
            exports = collection_exports(options["only"], options["origin"], is_indented=options["indent"])
            with progress_bar(console, hidden=options["verbosity"] == 0) as progress:
                if is_stream:
                    report = self._export_to_stream(exports, _tracker(progress))
                else:
                    report = _export_to_folder(exports, _tracker(progress), options)
        except (ExportError, UnknownEndpointError) as error:
            raise CommandError(escape_unprintable(str(error))) from error
        except BrokenPipeError:  # not an error of a file: spacedb.command_line ends the command
            raise
        except OSError as error:
            place = error.filename or ("standard output" if is_stream else options["directory"])
            raise CommandError(escape_unprintable(f"{place}: {error.strerror or error}")) from error
        report(console)

    def _export_to_stream(self, exports: list[CollectionExport], track: Track) -> Callable[[Console], None]:
        size = 0
        write_bytes = self._writer()

        def write(document: bytes) -> None:
            nonlocal size
            size += len(document)
            write_bytes(document)

        summary = export_to_stream(exports, write, track)
        self.stdout.flush()

        def report(console: Console) -> None:
            _print_counts(console, summary)
            console.print(f"Written: {_megabytes(size)} of JSON Lines, revision {summary.revision}.")
            if size > formats.MAX_BYTES:
                limit = formats.MAX_BYTES // 2**20
                console.print(f"Ingest reads at most {limit} MB from standard input. Export to a folder instead.")

        return report

    def _writer(self) -> Callable[[bytes], object]:
        """The function that writes to standard output, or to the stream of text that a caller uses in its place."""
        if sys.stdout is None:  # the shell has closed it: `>&-`
            raise ExportError("Standard output is closed.")
        buffer: BinaryIO | None = getattr(self.stdout, "buffer", None)
        if buffer is not None:
            return buffer.write
        return lambda content: self.stdout.write(content.decode(), ending="")


def _export_to_folder(
    exports: list[CollectionExport], track: Track, options: dict[str, Any]
) -> Callable[[Console], None]:
    folder = ExportFolder(Path(options["directory"]), is_indented=options["indent"], is_compressed=options["gzip"])
    summary = export_to_folder(exports, folder, track, is_complete=not options["only"], overwrite=options["overwrite"])

    def report(console: Console) -> None:
        _print_counts(console, summary)
        written = f"{len(folder.written)} files, {_megabytes(folder.size)}, revision {summary.revision}"
        console.print(_escape(f"Written to {folder.path}: {written}."))
        if others := folder.other_files():
            shown = ", ".join(others[:MAX_NAMES_SHOWN]) + (", …" if len(others) > MAX_NAMES_SHOWN else "")
            console.print(_escape(f"The folder contains {len(others)} other files that ingest would read: {shown}"))

    return report


def _print_counts(console: Console, summary: ExportSummary) -> None:
    table = Table("", "objects")
    table.columns[1].justify = "right"
    for name, count in summary.counts.items():
        table.add_row(escape(name), str(count))
    table.add_section()
    table.add_row("Total", str(sum(summary.counts.values())))
    console.print(table)


def _tracker(progress: Progress) -> Track:
    task = progress.add_task("Exporting", total=None)

    def track(each: CollectionExport, documents: Iterator[bytes]) -> Iterable[bytes]:
        if progress.disable:
            yield from documents
            return
        progress.update(task, description=each.collection.name, completed=0, total=each.count())
        for document in documents:
            yield document
            progress.advance(task)

    return track


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _escape(text: str) -> str:
    return escape(escape_unprintable(text))


def _parse_origin(text: str) -> str:
    """The URL without a slash at its end. A path is allowed, such as that of a proxy."""
    try:
        url = urlsplit(text)
        is_valid = url.scheme in ("http", "https") and bool(url.hostname) and not (url.query or url.fragment)
        is_valid = is_valid and url.port != 0
    except ValueError:
        is_valid = False
    if not is_valid or not re.fullmatch(r"[!-~]+", text) or text.endswith(("?", "#")):
        raise ArgumentTypeError(f"{text} is not a URL such as {DEFAULT_ORIGIN}")
    return text.rstrip("/")
