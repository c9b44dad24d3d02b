"""Compares the OpenAPI document of spacedb with the official one of Launch Library.

    python -m scripts.schema_diff

The facts of the official document are in `scripts/data/openapi-2.3.0.facts.json` (see `scripts.openapi_facts`). The
comparison covers all operations and components. It fails if a difference is not explained in the table of
`docs/reference/openapi-differences.md`, or if an explained difference does not exist.
"""

import json
import os
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
    """A difference between the documents.

    `where` is the name of an operation or component, followed by that of a parameter or property. `what` lists the
    words that differ: `-word` is in the official document only, `+word` in ours only.
    """

    where: str
    what: str


@dataclass(frozen=True)
class Explanation:
    """A row of the table of explained differences. A `*` in `where` matches any text."""

    where: str
    what: str
    reason: str

    def explains(self, difference: Difference) -> bool:
        return difference.what == self.what and fnmatchcase(difference.where, self.where)


def differences(official: Facts, ours: Facts) -> Iterator[Difference]:
    """Yield the differences in all operations, components and security schemes."""
    for block in ours.keys() - official.keys():
        yield Difference(block, "not in the official document")
    for block, facts_of_block in official.items():
        if block in ours:
            yield from _differences_in(block, facts_of_block, ours[block])
        else:
            yield Difference(block, "missing")


def _differences_in(block: str, official: dict[str, str], ours: dict[str, str]) -> Iterator[Difference]:
    for name in ours.keys() - official.keys():
        yield Difference(f"{block} {name}", "not in the official document")
    for name, text in official.items():
        where = f"{block} {name}".rstrip()
        if name not in ours:
            yield Difference(where, "missing")
        elif text != ours[name]:
            yield Difference(where, _word_diff(text.split(), ours[name].split()) or "order")
    if [name for name in official if name in ours] != [name for name in ours if name in official]:
        yield Difference(block, "order")


def _word_diff(official: list[str], ours: list[str]) -> str:
    removed = [f"-{word}" for word in official if word not in ours]
    return " ".join(removed + [f"+{word}" for word in ours if word not in official])


def explanations(text: str) -> list[Explanation]:
    """Parse the Markdown table with the columns Where, What and Reason."""
    rows = [[cell.strip(" `") for cell in line.strip("| ").split(" | ")] for line in text.splitlines()]
    return [Explanation(*row) for row in rows if len(row) == 3 and row[0] not in {"Where", "---"}]


def compare(official: Facts, ours: Facts, explained: list[Explanation]) -> list[str]:
    """Return an error message for each unexplained difference, and for each explanation without a difference."""
    actual = list(differences(official, ours))
    unexplained = [difference for difference in actual if not any(row.explains(difference) for row in explained)]
    stale = [row for row in explained if not any(row.explains(difference) for difference in actual)]
    return sorted(f"{difference.where}: {difference.what}" for difference in unexplained) + [
        f"explained difference does not exist: {row.where}: {row.what}" for row in stale
    ]


def coverage(official: Facts, ours: Facts) -> str:
    """Return how many of the official paths and components our document contains."""

    def count(blocks: set[str]) -> str:
        return f"{len(blocks & ours.keys())} of {len(blocks)}"

    paths = {block for block in official if block.startswith("GET /")}
    components = {block for block in official if " " not in block}
    return f"{count(paths)} paths and {count(components)} components"


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    django.setup()
    from spacedb.rest.openapi import document

    official: Facts = json.loads(FACTS.read_text())
    explained = explanations(EXPLANATIONS.read_text())
    ours = facts(document(VERSION))
    errors = compare(official, ours, explained)
    print(*errors, coverage(official, ours), sep="\n")
    print(f"{len(errors)} unexplained differences; {len(explained)} explained")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
