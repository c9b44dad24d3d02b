"""`manage.py generate --spacecraft N --flights M --seed S`: adds a synthetic catalogue to the database."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table
from typing_extensions import override

from flights.synthetic import AlreadyGenerated, generate

MAX_NUMBER = 10_000_000


def parse_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MAX_NUMBER):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to {MAX_NUMBER}.")
    return int(text)


class Command(BaseCommand):
    help = (
        "Add a synthetic catalogue for benchmarks and experiments: invented spacecraft with flights, launches, "
        "landings, crews, dockings, events and updates. All names contain the word Synthetic, and ids do not collide "
        "with those of Launch Library. The same seed always generates the same catalogue; another seed adds another "
        "catalogue. A part of it belongs to the program with id 1, so that the dashboard shows it. Everything is "
        "written in one transaction."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--spacecraft", type=parse_number, default=600, metavar="N", help="number of spacecraft (default: 600)"
        )
        parser.add_argument(
            "--flights", type=parse_number, default=900, metavar="M", help="total number of flights (default: 900)"
        )
        parser.add_argument(
            "--seed", type=parse_number, default=1, metavar="S", help="seed of the random generator (default: 1)"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = generate(spacecraft=options["spacecraft"], flights=options["flights"], seed=options["seed"])
        except AlreadyGenerated as error:
            raise CommandError(
                f"{error} Choose another --seed to add another catalogue. Nothing was written."
            ) from error
        except ValueError as error:
            raise CommandError(f"{error} Nothing was written.") from error
        if options["verbosity"] > 0:
            table = Table("", "created")
            table.columns[1].justify = "right"
            for model, count in sorted(written.items(), key=lambda item: str(item[0]._meta.verbose_name)):
                table.add_row(str(model._meta.verbose_name), str(count))
            Console(file=cast("TextIO", self.stdout), soft_wrap=True).print(table)
