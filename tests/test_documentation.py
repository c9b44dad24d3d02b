"""The documentation is complete, and its commands work.

The tests compare the settings, commands, endpoints and make targets of the code with the pages of `docs/reference/`.

In `sh` and `console` blocks, every line that begins with `curl` or `.venv/bin/python manage.py` is run, in order, on
the starter catalogue: `curl` by the test client, `manage.py` by `call_command`. Lines that follow such a line are its
output: a response has to contain them. Without them its status has to be below 400. Commands that wait for a person or
for another server (`ONLY_PARSED`) are not run. A command ends at a `|`, `>` or `&&`. A comment before a block leaves it
out: `<!-- not run: REASON -->`.
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

from spacedb.rest.versions import versions
from tests.conftest import ENVIRONMENT, ROOT
from tests.endpoints import endpoints, resource_endpoints, single_objects

REFERENCE = ROOT / "docs" / "reference"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROJECT_APPS = ("spacedb", "agencies", "spacecraft", "flights")
ONLY_PARSED = {
    "createsuperuser",
    "changepassword",
    "export",
    "mirror",
    "run",
    "runserver",
    "shell",
    "dbshell",
    "collectstatic",
    "migrate",
}

pytestmark = pytest.mark.vendor_neutral


def text_of(path: Path) -> str:
    if not path.exists():
        pytest.skip(f"{path.relative_to(ROOT)} does not exist yet")
    return path.read_text()


def test_lines_are_at_most_120_characters_long() -> None:
    """Rows of tables, pictures and blocks of code cannot be wrapped."""
    others = (ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", ROOT / "benchmarks" / "README.md")
    for page in (*PAGES, *others):
        text = re.sub(r"^ *```.*?^ *```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
        long = [line for line in text.splitlines() if len(line) > 120 and not line.startswith(("|", "!["))]
        assert not long, page


# --- Settings ---------------------------------------------------------------------------------------------------------


@cache
def settings_read() -> set[str]:
    """The environment variables that the settings read."""
    source = (ROOT / "spacedb" / "settings.py").read_text()
    return set(re.findall(r"""\benv\.\w+\(\s*["']([A-Z][A-Z0-9_]*)["']""", source))


def test_settings_are_read_from_the_sources() -> None:
    assert {"DATABASE_URL", "DEBUG", "CACHE_SIZE", "PORT", "MIRROR_RESERVE"} <= settings_read()


def test_every_setting_is_documented() -> None:
    """The first columns of the tables contain exactly the settings."""
    tables, _, _ = text_of(REFERENCE / "settings.md").partition("## Constants")
    rows = re.findall(r"^\| *((?:`[A-Z][A-Z0-9_]*`[, ]*)+)\|", tables, re.MULTILINE)
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(documented) == sorted(settings_read())


def test_tests_set_every_setting() -> None:
    """The environment of the shell must not change a result."""
    assert settings_read() == ENVIRONMENT.keys() - {"DJANGO_SETTINGS_MODULE"}


# --- Commands ---------------------------------------------------------------------------------------------------------


@cache
def commands() -> dict[str, Any]:
    """The management commands of this project, except Django's `migrate`, which it changes only inside."""
    return {
        name: load_command_class(app, name)
        for name, app in get_commands().items()
        if app.partition(".")[0] in PROJECT_APPS and name != "migrate"
    }


def options_of(name: str) -> Iterator[str]:
    """The positional arguments of a command, and its options except those of every Django command."""
    parser = load_command_class("django.core", "check").create_parser("manage.py", "check")
    common = {"--skip-checks", *(option for action in parser._actions for option in action.option_strings)}
    for action in commands()[name].create_parser("manage.py", name)._actions:
        long = [option for option in action.option_strings if option.startswith("--")]
        if long and not common.issuperset(long):
            yield long[-1]
        elif not action.option_strings and action.metavar:
            yield str(action.metavar)


def test_commands_and_options_of_the_project() -> None:
    assert commands().keys() == {"export", "generate", "ingest", "mirror", "recount", "run", "token"}
    assert {"--dry-run", "--if-empty", "PATH"} <= set(options_of("ingest"))


@pytest.mark.parametrize("name", ["export", "generate", "ingest", "mirror", "recount", "run", "token"])
def test_every_command_is_documented_with_its_options(name: str) -> None:
    """A section such as `## ingest` contains exactly its options."""
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
            if "format>" not in route:  # the router adds a variant with a format suffix for each route
                yield route
        else:
            yield from routes(entry.url_patterns, route)


def test_every_endpoint_is_documented() -> None:
    """The table of its version contains its modes and the mode of its detail page."""
    text = text_of(REFERENCE / "endpoints.md")
    documented: dict[str, tuple[set[str], str]] = {}
    for version, section in re.findall(r"^## Version (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        for row in re.findall(r"^\| `(.*)\|$", section, re.MULTILINE):
            path, _, *more = [cell.strip(" `") for cell in row.split("|")]
            modes, detail = more or ("normal", "normal")
            documented[f"/{version}/{path}"] = (set(re.findall(r"\w+", modes)), detail)
    throttle_routes = {route for route in routes() if route.endswith("/api-throttle/")}
    expected = {
        path: ({*view.modes}, view.detail_mode if view.detail_mode in view.modes else "normal")
        for path, view in endpoints().items()
    }
    expected |= {path: ({*view.modes}, "none") for path, view in single_objects().items()}
    assert documented == expected | {path: ({"none"}, "none") for path in throttle_routes}


def test_every_filter_of_events_and_updates_is_documented() -> None:
    """The table contains exactly the filters of each endpoint."""
    section = text_of(REFERENCE / "endpoints.md").split("## Filters of events and updates")[1]
    documented: dict[str, set[str]] = {}
    for numbers, paths, filters in re.findall(r"^\| ([^|`]+) \| ([^|]+) \| (.*) \|$", section, re.MULTILINE):
        for number in versions() if numbers == "all" else numbers.split(", "):
            for path in re.findall(r"`(.+?)`", paths):
                names = set(re.findall(r"`(\w+)`", filters))
                documented[f"/{number}/{path}"] = documented.get(f"/{number}/{path}", set()) | names
    expected = {
        path: set(view.filter_names())
        for path, view in endpoints().items()
        if re.match(r"/[\d.]+/(events?|updates)/", path)
    }
    assert {path: names for path, names in documented.items() if path in endpoints()} == expected


def test_every_page_is_documented() -> None:
    text = text_of(REFERENCE / "endpoints.md")
    newest = next(iter(versions()))
    pages = {route for route in routes() if not re.match(rf"/(?!{newest})\d", route) and "<" not in route}
    pages -= resource_endpoints().keys() | {f"/{newest}/api-throttle/"}
    assert {"/", "/admin/", "/health/", "/docs/", f"/{newest}/schema/"} <= pages
    section = text.split("## Other pages")[1]
    assert set(re.findall(r"^\| `(/[^`]*)`", section, re.MULTILINE)) == pages
    assert "exist for each version" in section


# --- make -------------------------------------------------------------------------------------------------------------


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(" ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)).split())
    assert targets == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    pages = text_of(ROOT / "CONTRIBUTING.md") + "".join(path.read_text() for path in PAGES if path.exists())
    documented = set(re.findall(r"\bmake ([a-z][a-z-]*)", pages))
    assert targets - documented == set()


# --- Commands in code blocks ------------------------------------------------------------------------------------------

FENCE = re.compile(
    r"(?P<not_run>^ *<!-- not run: [^\n]+ -->\n+)?^ *```(?:sh|console)\n(?P<code>.*?)^ *```", re.MULTILINE | re.DOTALL
)


class Line(NamedTuple):
    """A command in a block, and the lines of output that follow it."""

    words: list[str]
    output: list[str]


def lines_of(markdown: str) -> list[Line]:
    """The lines of all blocks that are run: those that begin with `curl` or `.venv/bin/python manage.py`."""
    lines = []
    for block in FENCE.finditer(markdown):
        console, output = "\n$ " in f"\n{block['code']}", list[str]()
        for text in block["code"].replace("\\\n", " ").splitlines() if not block["not_run"] else ():
            line = text.strip().removeprefix("$ ")
            if line.startswith(("curl ", ".venv/bin/python manage.py ")) and (not console or text.lstrip()[:2] == "$ "):
                words = shlex.split(line, comments=True)
                end = next((n for n, word in enumerate(words) if word in ("|", ">", "&&", "||", ";")), len(words))
                output = []
                lines.append(Line(words[:end], output))
            elif console and text.lstrip().startswith("$ "):
                output = []
            elif console and line:
                output.append(line)
    return lines


def run_curl(client: Client, line: Line) -> None:
    """Send the request of a `curl` command with the test client."""
    method, headers, urls = "GET", {}, []
    words = iter(line.words[1:])
    for word in words:
        if word in ("-H", "--header"):
            name, _, value = next(words).partition(":")
            headers[name.strip()] = value.strip()
        elif word in ("-o", "--output", "-D", "--dump-header", "-w", "--write-out"):
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
            assert set(word[1:]) <= set("sSifLO"), f"this test does not support curl {word}"
    [url] = urls
    parts = urlsplit(url)
    assert parts.netloc in ("127.0.0.1:8000", "localhost:8000"), f"{url} is not on this server"
    response = client.generic(method, parts.path, QUERY_STRING=parts.query, headers=headers)
    assert response.status_code < 400 or line.output, (line, response.content[:300])
    headers_sent = "".join(f"{name}: {value}\n" for name, value in response.headers.items())
    for expected in line.output:
        assert expected in headers_sent + response.text, line


def run_command(line: Line) -> str:
    name, *arguments = line.words[2:]
    if name in ONLY_PARSED:
        command = load_command_class(get_commands()[name], name)
        command.create_parser("manage.py", name).parse_args(arguments)
        return ""
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_lines_of_blocks() -> None:
    markdown = """
```console
$ curl -s 'http://127.0.0.1:8000/2.3.0/agencies/?limit=1' | jq .count
$ curl -s http://127.0.0.1:8000/2.3.0/agencies/0/
{"detail":"Not found."}
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
        (["curl", "-s", "http://127.0.0.1:8000/2.3.0/agencies/?limit=1"], []),
        (
            ["curl", "-s", "http://127.0.0.1:8000/2.3.0/agencies/0/"],
            ['{"detail":"Not found."}'],
        ),
        ([".venv/bin/python", "manage.py", "ingest", "--dry-run", "fixtures/"], []),
    ]


@pytest.mark.django_db
@pytest.mark.dataset("starter")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_pages_work(client: Client, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for line in lines_of(text_of(page)):
        if line.words[0] == "curl":
            run_curl(client, line)
        else:
            run_command(line)
