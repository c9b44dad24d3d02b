"""The results as Markdown."""

import pytest

from benchmarks.__main__ import RESULTS
from benchmarks.figures import Report, Row, Target
from benchmarks.report import HEADINGS, markdown, replace_section

RESULT = Report([Row("spacecraft, warm", 4350.4, cpu=384e-6)], [Target("warm against textbook", 162.3, 60)])


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("database", HEADINGS)
def test_results_of_a_database_replace_its_section_only(database: str) -> None:
    document = RESULTS.read_text()
    section = markdown(RESULT, database=database, rounds=5, load="wrk")
    replaced = replace_section(document, section)
    assert section in replaced
    headings = [line for line in replaced.splitlines() if line.startswith("## ")]
    assert headings == [line for line in document.splitlines() if line.startswith("## ")]
    for other in {"## Aims\n", *HEADINGS.values()} - {HEADINGS[database]}:
        assert _section(replaced, other) == _section(document, other) != ""


@pytest.mark.vendor_neutral
def test_tables() -> None:
    lines = markdown(RESULT, database="sqlite", rounds=5, load="wrk").splitlines()
    assert [cell.strip() for cell in lines[6].split("|")[1:-1]] == [
        "spacecraft, warm",
        "4,350",
        "",
        "",
        "384 µs",
        "",
        "",
    ]
    assert [cell.strip() for cell in lines[10].split("|")[1:-1]] == [
        "warm against textbook",
        "162 x",
        "at least 60 x",
        "yes",
    ]


def _section(document: str, heading: str) -> str:
    return document.partition(heading)[2].partition("\n## ")[0]
