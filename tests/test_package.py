"""The wheel: it contains everything that the server needs, and serves the starter catalogue in an empty folder."""

import os
import signal
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest

import spacedb
from spacedb.installation import PACKAGES
from tests.conftest import ROOT
from tests.waiting import TIMEOUT

pytestmark = [pytest.mark.slow, pytest.mark.vendor_neutral]


def build(source: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel and the sdist."""
    pytest.importorskip("hatchling", reason="needs hatchling, which `make setup` installs")
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def site(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the content of the wheel."""
    folder = tmp_path_factory.mktemp("site")
    [wheel] = dist.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def environment(site: Path, home: Path, **variables: str) -> dict[str, str]:
    """Nothing but what a user has who installed the wheel."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(site), **variables}


def files_below(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in paths}


def test_the_wheel_contains_the_packages_and_the_resources(site: Path) -> None:
    expected = {f"{package}/{name}" for package in PACKAGES for name in files_below(ROOT / package)}
    for resource in ("docs", "fixtures"):
        expected |= {f"spacedb/resources/{resource}/{name}" for name in files_below(ROOT / resource)}
    expected |= {"spacedb/resources/gunicorn.conf.py"}
    assert {name for name in files_below(site) if ".dist-info/" not in name} == expected
    assert {"spacedb/pages/static/pages/site.css", "spacedb/pages/templates/pages/browsable.html"} <= expected


def test_the_metadata_of_the_wheel(site: Path) -> None:
    [info] = site.glob("*.dist-info")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    distribution = Distribution.at(info)
    assert (distribution.name, distribution.version) == (project["name"], spacedb.__version__)
    assert {entry.name: entry.value for entry in distribution.entry_points} == project["scripts"]
    extras = project["optional-dependencies"]
    assert len(distribution.requires or []) == len(project["dependencies"]) + sum(map(len, extras.values()))
    assert distribution.metadata.get_all("Provides-Extra") == sorted(extras)


def test_the_sdist_builds_the_same_wheel(dist: Path, tmp_path: Path) -> None:
    [sdist], [wheel] = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    build(tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path)
    again = zipfile.ZipFile(tmp_path / wheel.name)
    assert sorted(again.namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_it_serves_the_starter_catalogue_in_an_empty_folder(site: Path, folder: Path, tmp_path: Path) -> None:
    """With data below the home directory, `.env` from the current folder, and no file in the folder of the packages."""
    (folder / ".env").write_text("WEB_CONCURRENCY=1\n")
    packages = files_below(site)
    process = subprocess.Popen(
        [sys.executable, "-m", "spacedb", "run", "--port", "0"],
        cwd=folder,
        env=environment(site, tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = list[str]()
    try:
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            if "Listening at" in line:
                break
        url = "http://127.0.0.1:" + lines[-1].rpartition(":")[2].split()[0]
        assert b'"count":79,' in fetch(f"{url}/2.3.0/spacecraft/?limit=1")
        assert b"<h1" in fetch(f"{url}/docs/how-to/deploy/")
        assert b"{" in fetch(f"{url}/static/pages/site.css")
    finally:
        process.send_signal(signal.SIGTERM)
        output = "".join(lines) + process.communicate(timeout=TIMEOUT)[0]
    assert process.returncode == 0, output
    assert f"Data are stored in {tmp_path}/home/" in output
    assert output.count("Booting worker") == 1, ".env was not read"
    assert list(tmp_path.glob("home/**/spacedb.sqlite3"))
    assert files_below(folder) == {".env"}
    assert files_below(site) == packages


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
        return bytes(response.read())
