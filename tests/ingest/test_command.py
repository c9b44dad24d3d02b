"""`manage.py ingest`: its arguments, its output and its errors."""

import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency, AgencyType
from spacecraft.models import Spacecraft
from tests.conftest import ROOT
from tests.ingest.test_ingest import agency

pytestmark = pytest.mark.django_db


def run(*paths: Path, **options: Any) -> str:
    out = StringIO()
    call_command("ingest", *map(str, paths), stdout=out, **options)
    return out.getvalue()


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A part of the starter catalogue: the folder `config`, and a flight with its spacecraft."""
    folder = tmp_path / "catalogue"
    shutil.copytree(ROOT / "fixtures" / "config", folder / "config")
    shutil.copy(ROOT / "fixtures" / "spacecraft_flight_358.json", folder)
    return folder


def test_accepts_files_and_folders_and_prints_a_summary(folder: Path, tmp_path: Path) -> None:
    out = run(folder, write(tmp_path / "agency.json", agency(999)))
    assert [line.split()[1:7:2] for line in out.splitlines() if "Spacecraft Flights" in line]
    row = next(line for line in out.splitlines() if "Spacecraft Statuses" in line)
    assert [int(word) for word in row.replace("│", " ").split()[-3:]] == [5, 0, 0]
    assert Agency.objects.filter(pk=999).exists()


def test_dry_run_writes_nothing(folder: Path) -> None:
    out = run(folder, dry_run=True)
    assert "nothing was written" in out
    assert Spacecraft.objects.count() == 0


def test_prints_warnings(tmp_path: Path) -> None:
    rows = [agency(pk, founding_year="unknown", **{"\x1b[2J": 1}) for pk in range(1, 61)]
    file = write(tmp_path / "agencies.json", rows)
    out = run(file)
    assert r"agencies.json: [0].\x1b[2J: Unknown key of AgencyNormal. Not stored." in out
    assert 'agencies.json: [3].founding_year: A valid integer is required. Got "unknown". Not stored.' in out
    assert out.count("Not stored.") == 50
    assert "11 more warnings: --verbosity 2 prints all." in out
    assert run(file, verbosity=2).count("Not stored.") == 61
    assert Agency.objects.count() == 60


def test_strict(tmp_path: Path) -> None:
    file = write(tmp_path / "agency.json", agency(founding_year="unknown"))
    with pytest.raises(CommandError, match=r"agency\.json: founding_year: A valid integer is required"):
        run(file, strict=True)
    assert Agency.objects.count() == 0


def test_if_empty(folder: Path) -> None:
    AgencyType.objects.create(name="Government")
    assert run(folder, if_empty=True) == ""
    assert Spacecraft.objects.count() == 0
    AgencyType.objects.all().delete()
    run(folder, if_empty=True)
    assert Spacecraft.objects.count() == 1


def test_reports_every_invalid_file(folder: Path, tmp_path: Path) -> None:
    bad, worse = write(tmp_path / "bad.json", "[1]"), write(tmp_path / "worse.json", "no")
    with pytest.raises(CommandError) as failed:
        run(folder, bad, worse)
    assert str(failed.value).splitlines() == [
        f"{bad}: [0]: Expected an object, got 1.",
        f'{worse}: Not valid JSON: expecting value at "no" (line 1, column 1).',
        "Nothing was written.",
    ]
    assert failed.value.returncode == 1
    assert Spacecraft.objects.count() == 0


def test_reports_missing_files(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such file or folder"):
        run(tmp_path / "nothing.json")
    with pytest.raises(CommandError, match=r"no files named \*\.json, "):
        run(tmp_path)
