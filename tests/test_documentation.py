"""The documentation is complete, and what it tells readers to type works.

Settings, commands, endpoints and make targets are read from the code and looked for in the pages of `docs/reference/`.

In `sh` and `console` blocks, every line that begins with `curl` or `.venv/bin/python manage.py` is run, in order, on
the starter catalogue: `curl` by the test client, which has to get a status below 400, or the one in a comment behind
it (`# 404`); `manage.py` by `call_command`. Commands that wait for a person or another server (`NOT_RUN`) are
only parsed. A line ends at a `|`, `>` or `&&`. A comment `<!-- not run: REASON -->` before a block leaves it out.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.conftest import ENVIRONMENT, ROOT

REFERENCE = ROOT / "docs" / "reference"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OURS = ("spacedb", "agencies", "spacecraft", "flights")
NOT_RUN = {"createsuperuser", "changepassword", "mirror", "runserver", "shell", "dbshell", "collectstatic", "migrate"}

pytestmark = pytest.mark.vendor_neutral


def text_of(path: Path) -> str:
    if not path.exists():
        pytest.skip(f"{path.relative_to(ROOT)} is not written yet")
    return path.read_text()


# --- Settings ---------------------------------------------------------------------------------------------------------


@cache
def settings_read() -> set[str]:
    """The environment variables that the settings of Django and of gunicorn read."""
    source = (ROOT / "spacedb" / "settings.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    return set(re.findall(r"""\benv(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]*)["']""", source))


def test_settings_are_found() -> None:
    assert {"DATABASE_URL", "DEBUG", "CACHE_SIZE", "PORT", "MIRROR_RESERVE"} <= settings_read()


def test_every_setting_is_documented() -> None:
    """In the first column of a table, and nothing else is."""
    rows = re.findall(r"^\| *((?:`[A-Z][A-Z0-9_]*`[, ]*)+)\|", text_of(REFERENCE / "settings.md"), re.MULTILINE)
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(documented) == sorted(settings_read() | {"GUNICORN_CMD_ARGS"} & set(documented))


def test_tests_set_every_setting() -> None:
    """So that the environment of the shell changes no result. Those of gunicorn are set where it is started."""
    of_gunicorn = {"HOST", "PORT", "WEB_CONCURRENCY"}
    assert settings_read() - of_gunicorn == ENVIRONMENT.keys() - {"DJANGO_SETTINGS_MODULE"}


# --- Commands ---------------------------------------------------------------------------------------------------------


@cache
def commands() -> dict[str, Any]:
    """The management commands of this project."""
    return {
        name: load_command_class(app, name) for name, app in get_commands().items() if app.partition(".")[0] in OURS
    }


def options_of(name: str) -> Iterator[str]:
    """The options that a command adds to those of every Django command, and its positional arguments."""
    common = load_command_class("django.core", "check").create_parser("manage.py", "check")
    shared = {option for action in common._actions for option in action.option_strings}
    for action in commands()[name].create_parser("manage.py", name)._actions:
        long = [option for option in action.option_strings if option.startswith("--")]
        if long and not shared.issuperset(long):
            yield long[-1]
        elif not action.option_strings:
            yield str(action.metavar or action.dest).upper()


def test_commands_are_found() -> None:
    assert commands().keys() == {"generate", "ingest", "mirror", "recount", "token"}
    assert {"--dry-run", "--if-empty", "PATH"} <= set(options_of("ingest"))


@pytest.mark.parametrize("name", ["generate", "ingest", "mirror", "recount", "token"])
def test_every_command_is_documented_with_its_options(name: str) -> None:
    """In a section of its own, `## ingest`, that contains each option."""
    sections = re.split(r"^## ", text_of(REFERENCE / "commands.md"), flags=re.MULTILINE)
    [section] = [section for section in sections if re.match(rf"`?(?:manage\.py )?{name}\b", section)]
    assert [option for option in options_of(name) if not re.search(rf"(?<![\w-]){option}(?![\w-])", section)] == []
    assert set(re.findall(r"--[a-z][a-z-]+", section)) <= {*options_of(name), "--verbosity", "--traceback", "--help"}


# --- Endpoints and pages ----------------------------------------------------------------------------------------------


def routes(patterns: Any = None, prefix: str = "/") -> Iterator[str]:
    """Every route: `/2.3.0/agencies/`, `/docs/<slug:topic>/`. The admin counts as one."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + re.sub(r"^\^|\$$|\\Z$", "", str(entry.pattern))
        if isinstance(entry, URLPattern) or entry.namespace == "admin":
            if "format>" not in route:  # a suffix for the format, which the router adds to each route
                yield route
        else:
            yield from routes(entry.url_patterns, route)


def documented_form(route: str) -> str:
    """A route as the documentation writes it: `/2.3.0/agencies/{id}/`."""
    return re.sub(r"\(\?P<\w+>.*?\)(?=/)|<(?:\w+:)?\w+>", "{id}", route).replace("\\", "")


def test_routes_are_found() -> None:
    found = {documented_form(route) for route in routes()}
    assert {"/", "/admin/", "/health/", "/2.3.0/agencies/", "/2.3.0/agencies/{id}/", "/2.0.0/launch/upcoming/"} <= found


def test_every_endpoint_and_page_is_documented() -> None:
    """Each list by its path; the path of one object goes without saying."""
    text = text_of(REFERENCE / "endpoints.md")
    documented = set(re.findall(r"`(?:GET )?(/[^`\s]*)`", text))
    expected = {documented_form(route) for route in routes()}
    shown = {re.sub(r"\{\w+\}", "{id}", path) for path in documented}
    lists = {path for path in expected if not (path.endswith("/{id}/") and path.removesuffix("{id}/") in expected)}
    assert lists - shown == set()
    assert {path for path in shown if "?" not in path} - expected == set()


# --- make -------------------------------------------------------------------------------------------------------------


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [declared] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    targets = set(declared.split())
    assert targets == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    pages = text_of(ROOT / "CONTRIBUTING.md") + "".join(path.read_text() for path in PAGES if path.exists())
    documented = set(re.findall(r"\bmake ([a-z][a-z-]*)", pages))
    assert targets - documented == set()


# --- What readers type ------------------------------------------------------------------------------------------------

FENCE = re.compile(
    r"(?P<before>^<!-- not run: [^\n]+ -->\n+)?^(?P<indent> *)```(?:sh|console)\n(?P<code>.*?)^ *```", re.M | re.S
)


class Line(NamedTuple):
    """A command in a block, and the HTTP status in the comment behind it."""

    words: list[str]
    status: int | None


def lines_of(markdown: str) -> list[Line]:
    """The lines of all blocks that are run: those that begin with `curl` or `.venv/bin/python manage.py`."""
    found = []
    for block in FENCE.finditer(markdown):
        if block["not_run"]:
            continue
        for text in block["code"].replace("\\\n", " ").splitlines():
            line = text.strip().removeprefix("$ ")
            if line.startswith(("curl ", ".venv/bin/python manage.py ")):
                comment = re.search(r"#\s*(\d{3})\b", line)
                words = shlex.split(line, comments=True)
                end = next((n for n, word in enumerate(words) if word in ("|", ">", "&&", "||", ";")), len(words))
                found.append(Line(words[:end], int(comment[1]) if comment else None))
    return found


def run_curl(client: Client, line: Line) -> None:
    """Request what a `curl` command requests from this server."""
    method, headers, urls = "GET", {}, []
    words = iter(line.words[1:])
    for word in words:
        if word in ("-H", "--header"):
            name, _, value = next(words).partition(":")
            headers[name.strip()] = value.strip()
        elif word in ("-o", "--output", "-w", "--write-out"):
            next(words)
        elif word in ("-X", "--request"):
            method = next(words)
        elif word in ("-I", "--head"):
            method = "HEAD"
        elif word == "--compressed":
            headers["Accept-Encoding"] = "gzip, br"
        elif not word.startswith("-"):
            urls.append(word)
        else:
            assert set(word[1:]) <= set("sSifLO"), f"curl {word} is not known to this test"
    [url] = urls
    parts = urlsplit(url)
    assert parts.netloc in ("127.0.0.1:8000", "localhost:8000"), f"{url} is not on this server"
    response = client.generic(method, parts.path, QUERY_STRING=parts.query, headers=headers)
    if line.status:
        assert response.status_code == line.status, line
    else:
        assert response.status_code < 400, (line, response.content[:300])


def run_command(line: Line) -> str:
    name, *arguments = line.words[2:]
    if name in NOT_RUN:
        command = load_command_class(get_commands()[name], name)
        command.create_parser("manage.py", name).parse_args(arguments)
        return ""
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_blocks_are_found() -> None:
    markdown = """
```console
$ curl -s 'http://127.0.0.1:8000/2.3.0/agencies/?limit=1' | jq .count
$ curl -i http://127.0.0.1:8000/2.3.0/agencies/0/  # 404
{"detail": "Not found."}
```

<!-- not run: needs a shell -->
```sh
curl -s http://127.0.0.1:8000/nothing/
```

```sh
.venv/bin/python manage.py ingest \\
    --dry-run fixtures/
make run
```
"""
    assert lines_of(markdown) == [
        (["curl", "-s", "http://127.0.0.1:8000/2.3.0/agencies/?limit=1"], None),
        (["curl", "-i", "http://127.0.0.1:8000/2.3.0/agencies/0/"], 404),
        ([".venv/bin/python", "manage.py", "ingest", "--dry-run", "fixtures/"], None),
    ]


@pytest.mark.django_db
@pytest.mark.dataset("starter")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_readers_type_works(client: Client, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for line in lines_of(text_of(page)):
        if line.words[0] == "curl":
            run_curl(client, line)
        else:
            run_command(line)
