"""Fixtures of the tests in a browser: Chromium, which Playwright controls, and a server with the starter catalogue."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from spacedb.installation import RESOURCES
from tests.installation import create_installation

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

ARGUMENTS = ("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")

NewPage: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="session")
def server(template: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the starter catalogue."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: install the package chromium")
    folder = tmp_path_factory.mktemp("browser") / "data"
    with django_db_blocker.unblock(), create_installation(folder, "browser", template) as installation:
        installation.run("ingest", str(RESOURCES / "fixtures"))
        with installation.serve() as host:
            yield f"http://{host}"


@pytest.fixture(scope="module")
def browser(server: str) -> Iterator[Browser]:
    """A browser. While Playwright runs there is an event loop, and Django would refuse queries."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, chromium_sandbox=False)


@pytest.fixture
def new_page(browser: Browser, server: str, tmp_path: Path) -> Iterator[NewPage]:
    """A function that opens a page of a new browser context, with the options of Playwright's `new_context`.

    It fails the test if a page logs an error or requests anything from another host, except for images.
    """
    errors: list[str] = []

    def check(request: Any) -> None:
        if not request.url.startswith((server, "data:")) and request.resource_type != "image":
            errors.append(f"request to {request.url}")

    def open_page(**options: Any) -> Page:
        context = contexts.enter_context(browser.new_context(base_url=server, **options))
        context.route(lambda url: not url.startswith(server), lambda route: route.abort())
        context.on("request", check)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        return context.new_page()

    with ExitStack() as contexts:
        yield open_page
    assert errors == []
