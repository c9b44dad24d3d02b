"""Our OpenAPI document compared with the official one, operation by operation and component by component.

    python -m scripts.schema_diff

The facts of the official document are in `scripts/data/openapi-2.3.0.facts.json` (see `scripts.openapi_facts`). The
comparison covers the operations that spacedb serves and the components that they use. It fails if a difference is not
explained in the table of `docs/reference/openapi-differences.md`, or if an explained difference does not exist.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from scripts.openapi_facts import Facts, facts

VERSION = "2.3.0"
ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "scripts" / "data" / f"openapi-{VERSION}.facts.json"
EXPLANATIONS = ROOT / "docs" / "reference" / "openapi-differences.md"


@dataclass(frozen=True)
class Difference:
    """Where our document differs (an operation or component, then its parameter or property), and in what.

    `-word` is told by the official document and not by ours, `+word` by ours alone.
    """

    where: str
    what: str


@dataclass(frozen=True)
class Explanation:
    """A row of the table. A `*` in `where` stands for any text."""

    where: str
    what: str
    reason: str

    def explains(self, difference: Difference) -> bool:
        return difference.what == self.what and fnmatchcase(difference.where, self.where)


def differences(official: Facts, ours: Facts) -> Iterator[Difference]:
    """What differs in all that we serve, and what we don't serve."""
    for block in ours.keys() - official.keys():
        yield Difference(block, "not in the official document")
    for block in official.keys() - ours.keys():
        if block.startswith("GET /"):
            yield Difference(block, "missing")
    for block in _needed(official, ours):
        if block in ours:
            yield from _differences_in(block, official[block], ours[block])
        else:
            yield Difference(block, "missing")


def _needed(official: Facts, ours: Facts) -> list[str]:
    """The blocks of the operations that we serve, and those of every component that they are made of."""
    found = [block for block in official if block in ours or block.startswith("security ")]
    for block in found:  # grows on the way
        names = {name for told in official[block].values() for name in re.findall(r"\w+", told)}
        found += [name for name in names & official.keys() if name not in found]
    return [block for block in official if block in found]


def _differences_in(block: str, official: dict[str, str], ours: dict[str, str]) -> Iterator[Difference]:
    for name in ours.keys() - official.keys():
        yield Difference(f"{block} {name}", "not in the official document")
    for name, told in official.items():
        where = f"{block} {name}".rstrip()
        if name not in ours:
            yield Difference(where, "missing")
        elif told != ours[name]:
            yield Difference(where, _words(told.split(), ours[name].split()) or "order")
    if [name for name in official if name in ours] != [name for name in ours if name in official]:
        yield Difference(block, "order")


def _words(official: list[str], ours: list[str]) -> str:
    lost = [f"-{word}" for word in official if word not in ours]
    return " ".join(lost + [f"+{word}" for word in ours if word not in official])


def explanations(text: str) -> list[Explanation]:
    """The rows of the Markdown table with the columns Where, What and Reason."""
    rows = [[cell.strip(" `") for cell in line.strip("| ").split(" | ")] for line in text.splitlines()]
    return [Explanation(*row) for row in rows if len(row) == 3 and row[0] not in {"Where", "---"}]


def compare(official: Facts, ours: Facts, explained: list[Explanation]) -> list[str]:
    """What is wrong, a line each: differences that nothing explains, and explanations of none."""
    found = list(differences(official, ours))
    wrong = [one for one in found if not any(row.explains(one) for row in explained)]
    stale = [row for row in explained if not any(row.explains(one) for one in found)]
    return sorted(f"{one.where}: {one.what}" for one in wrong) + [
        f"explained, but not there: {row.where}: {row.what}" for row in stale
    ]


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    django.setup()
    from spacedb.rest.openapi import document

    official: Facts = json.loads(FACTS.read_text())
    explained = explanations(EXPLANATIONS.read_text())
    wrong = compare(official, facts(document(VERSION)), explained)
    print(*wrong, f"{len(wrong)} unexplained differences; {len(explained)} explained", sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
