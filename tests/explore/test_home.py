"""The home page."""

import io
import re
from html import unescape
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.test import Client

from spacedb.explore.examples import LANGUAGES, examples
from spacedb.explore.listings import counts, newest_version, resources
from spacedb.rest.versions import versions
from tests.explore.reading import request_page, section, text_of, url_of, urls_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("accept", ["application/json", "*/*", ""])
def test_other_clients_get_the_urls_of_the_versions(client: Client, accept: str) -> None:
    response = client.get("/", headers={"accept": accept} if accept else {})
    roots = ", ".join(f'"{number}": "http://testserver/{number}/"' for number in versions())
    assert response.text == f'{{{roots}, "docs": "http://testserver/docs/"}}'
    assert response["Content-Type"] == "application/json"
    assert "Accept" in response["Vary"]


def test_home_links_to_everything() -> None:
    page = request_page("/")
    expected = {"/docs/", "/admin/", "/health/", "/explore/", "/docs/how-to/point-an-app-here/"}
    expected |= {f"/{number}/{path}" for number in versions() for path in ("", "swagger/", "redoc/", "schema/")}
    assert expected <= set(urls_in(page))
    assert 'action="/search/"' in page


@pytest.mark.dataset("sparse")
def test_counts_are_those_of_the_lists(client: Client) -> None:
    number = newest_version().number
    expected = {
        resource.endpoint: client.get(f"/{number}/{resource.endpoint}/?limit=1").json()["count"]
        for resource in resources()
    }
    assert {"agencies", "launches", "spacecraft", "spacecraft_flights", "updates"} <= expected.keys()
    assert counts() == expected
    page = section(request_page("/"), "catalogue")
    assert url_of(page, "Spacecraft flights") == f"/{number}/spacecraft_flights/"
    assert f"Spacecraft flights {expected['spacecraft_flights']}" in text_of(page)


def test_counts_without_data() -> None:
    assert set(counts().values()) == {0}


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
def test_examples_of_requests_work(client: Client) -> None:
    page = section(request_page("/"), "requests")
    requests = examples("http://testserver")
    assert len(requests) == len(list(resources()))
    for example in requests:
        assert page.count(example.url.replace("&", "&amp;")) == len(LANGUAGES) + 1
        assert client.get(example.url).json()["results"]


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
def test_the_python_code_runs(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def respond(url: str) -> io.BytesIO:
        parts = urlsplit(url)
        return io.BytesIO(client.get(f"{parts.path}?{parts.query}").content)

    monkeypatch.setattr(f"{urlopen.__module__}.urlopen", respond)
    [code, *_] = re.findall(r'class="code python".*?<code>(.*?)</code>', request_page("/"), re.DOTALL)
    exec(unescape(code), {})
    assert str(counts()["agencies"]) in capsys.readouterr().out
