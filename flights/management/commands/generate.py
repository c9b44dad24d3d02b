"""`manage.py generate --spacecraft N --flights M --seed S`: a synthetic catalogue."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from rich.console import Console
from rich.table import Table

from flights.synthetic import AlreadyGenerated, generate

MOST = 10_000_000


def number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MOST):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to {MOST}")
    return int(text)


class Command(BaseCommand):
    help = (
        "Add a synthetic catalogue: made-up spacecraft with their flights, launches, landings, crews and dockings, to "
        "measure or to try things with. All of it says that it is synthetic, and has ids that are never upstream's. "
        "The same seed gives the same catalogue; another seed adds another one. All or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--spacecraft", type=number, default=600, metavar="N", help="how many (600)")
        parser.add_argument("--flights", type=number, default=900, metavar="M", help="how many in all (900)")
        parser.add_argument("--seed", type=number, default=1, metavar="S", help="which catalogue (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {name: options[name] for name in ("spacecraft", "flights", "seed")}
        try:
            written = generate(**wanted)
        except AlreadyGenerated as error:
            raise CommandError(f"{error}; name another --seed to add another. Nothing was written.") from error
        except ValueError as error:
            raise CommandError(f"{error}. Nothing was written.") from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        if options["verbosity"] > 0:
            table = Table("", "created")
            table.columns[1].justify = "right"
            for model, count in sorted(written.items(), key=lambda one: str(one[0]._meta.verbose_name)):
                table.add_row(str(model._meta.verbose_name), str(count))
            Console(file=cast("TextIO", self.stdout), soft_wrap=True).print(table)
