"""One host, a certificate that is valid, and a token that nobody else gets to read."""

import datetime as dt
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from django.core.management import CommandError, call_command

from agencies.models import Agency
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.service import Job
from spacedb.mirror.source import Source
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import Catalogue, Fault, served, status, well

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]


# --- Other hosts ------------------------------------------------------------------------------------------------------


def redirect(to: str) -> Fault:
    return lambda handler: status(302, headers={"Location": to.format(path=handler.path)})(handler)


def test_a_redirect_on_the_same_host_is_followed(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.faults = [redirect("{path}&again=1")]
    job().once(clock, heard)
    assert Agency.objects.count() == 250
    assert catalogue.requests[1].endswith("&again=1")


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{port}{path}", "https://evil.example/", "file:///etc/passwd", "//x:y"]
)
def test_a_redirect_to_another_host_is_not_followed(
    to: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    other = Catalogue()
    with served(other) as url:
        catalogue.faults = [redirect(to.replace("{port}", url.split(":")[2].split("/")[0]))]
        with pytest.raises(MirrorError, match="leads to another host"):
            job(token="secret").once(clock, heard)
    assert other.requests == []
    assert len(catalogue.requests) == 1


def test_redirects_without_end(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = redirect("{path}")
    with pytest.raises(MirrorError, match="redirects more than 5 times"):
        job().once(clock, heard)
    assert len(catalogue.requests) == 6


# --- TLS --------------------------------------------------------------------------------------------------------------


def tls(ca: trustme.CA, *names: str, **more: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names, **more).configure_cert(context)
    return context


YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

CERTIFICATES = {
    "expired": ({"not_after": YESTERDAY}, "127.0.0.1", "certificate has expired"),
    "of another host": ({}, "spacedb.example", "not valid for '127.0.0.1'|IP address mismatch"),
}


@pytest.mark.parametrize(("more", "name", "reason"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate_that_is_not_valid(
    more: Any,
    name: str,
    reason: str,
    catalogue: Catalogue,
    job: Make,
    clock: Turned,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with (
        served(catalogue, tls(ca, name, **more)) as url,
        pytest.raises(MirrorError, match=f"the certificate cannot be trusted: .*({reason})"),
    ):
        job(url=url, token="secret").once(clock, heard)
    assert catalogue.requests == []
    assert clock.slept == []


def test_a_certificate_that_nobody_vouches_for(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    with (
        served(catalogue, tls(trustme.CA(), "127.0.0.1")) as url,
        pytest.raises(
            MirrorError, match=r"the certificate cannot be trusted: .*(unable to get|self.signed|not trusted)"
        ),
    ):
        job(url=url).once(clock, heard)


def test_a_certificate_that_is_valid(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with served(catalogue, tls(ca, "127.0.0.1")) as url:
        job(url=url, token="secret").once(clock, heard)
    assert Agency.objects.count() == 250
    assert {headers["Authorization"] for headers in catalogue.headers} == {"Token secret"}


# --- What the environment says ----------------------------------------------------------------------------------------

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """One that names no proxy."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SSL_CERT_FILE", "/no/ca.pem", "certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: .*No such file"),
        ("SSL_CERT_FILE", "/etc/passwd", "certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read"),
        ("ALL_PROXY", "socks5://proxy.example:1", "ALL_PROXY cannot be used: it has to be http:// or https://"),
        ("HTTP_PROXY", "ftp://proxy.example", "The proxy of HTTP_PROXY, .* cannot be used"),
        ("HTTP_PROXY", "http://me:5ecret/5ecret@proxy.example", "The proxy of HTTP_PROXY, .* cannot be used"),
    ],
)
def test_an_environment_that_cannot_be_used(
    name: str, value: str, told: str, job: Make, clock: Turned, heard: Heard, environment: pytest.MonkeyPatch
) -> None:
    """The reason is told, and with `--every` it is tried again."""
    environment.setenv(name, value)
    with pytest.raises(MirrorError, match=told) as refused:
        job(url="http://ll.example/2.3.0/").once(clock, heard)
    assert "5ecret" not in str(refused.value)

    def mended() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        job(url="http://ll.example/2.3.0/").forever(3600, clock, heard, mended)
    assert heard.failed == [str(refused.value)]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
def test_what_stays_on_this_machine_goes_through_no_proxy(
    name: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, environment: pytest.MonkeyPatch
) -> None:
    """And what does not, does; for a proxy is how some networks are left."""
    proxy = Catalogue(catalogue.rows, clock=clock.now)
    with served(proxy) as url:
        environment.setenv(name, url.removesuffix("/2.3.0/"))
        job(token="secret").once(clock, heard)
        assert len(catalogue.requests) == 3
        assert proxy.requests == []
        job(url="http://ll.example/2.3.0/").once(clock, heard)
    assert {headers["Host"] for headers in proxy.headers} == {"ll.example"}
    assert len(proxy.requests) == 3


@pytest.mark.parametrize("contact", ["Zoë", "a@spacedb.example\nX-More: more", "\x1b[2J"])
def test_a_contact_that_does_not_fit_into_a_header(
    contact: str, source: str, settings: Any, tmp_path: Path, catalogue: Catalogue
) -> None:
    settings.MIRROR_SPOOL, settings.MIRROR_CONTACT = tmp_path, contact
    with pytest.raises(CommandError, match="MIRROR_CONTACT goes into a header"):
        call_command("mirror", "--from", source, "--only", "agencies")
    assert catalogue.requests == []


# --- The token --------------------------------------------------------------------------------------------------------

SECRET = "5ecret-that-nobody-may-read"


def test_the_token_is_nowhere_to_be_read(
    source: str,
    catalogue: Catalogue,
    clock: Turned,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MIRROR_SPOOL = tmp_path / "spool"
    (tmp_path / "token").write_text(f"{SECRET}\n")
    catalogue.faults = [status(500), well, status(403)]
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CommandError) as failed:
        call_command("mirror", "--from", source, "--only", "agencies", "--token", tmp_path / "token")
    call_command("mirror", "--from", source, "--only", "agencies", "--token", tmp_path / "token")
    assert {headers["Authorization"] for headers in catalogue.headers} == {f"Token {SECRET}"}
    out, err = capfd.readouterr()
    files = [path.read_bytes() for path in (tmp_path / "spool").rglob("*") if path.is_file()]
    assert len(files) == 4
    assert SECRET not in "".join([str(failed.value), caplog.text, out, err, *map(str, files)])


def test_the_token_is_not_in_what_a_job_looks_like(job: Make) -> None:
    one = job(token=SECRET)
    assert one.token == SECRET
    assert SECRET not in repr(one)


def test_a_token_on_the_command_line_is_refused_and_not_repeated(settings: Any, tmp_path: Path) -> None:
    settings.MIRROR_SPOOL = tmp_path
    with pytest.raises(CommandError, match="does not belong on a command line") as refused:
        call_command("mirror", "--token", SECRET)
    assert SECRET not in str(refused.value)


def test_a_token_with_more_to_it_is_not_repeated(settings: Any, tmp_path: Path) -> None:
    settings.MIRROR_SPOOL = tmp_path
    settings.MIRROR_TOKEN = f"{SECRET} Ö"
    with pytest.raises(CommandError, match="MIRROR_TOKEN: there is no token") as refused:
        call_command("mirror")
    assert SECRET not in str(refused.value)


def test_a_token_is_not_sent_in_the_clear(job: Make, clock: Turned, heard: Heard) -> None:
    with pytest.raises(MirrorError, match="for everyone on the way to read: use https"):
        job(url="http://ll.example/2.3.0/", token=SECRET).once(clock, heard)


@pytest.mark.parametrize("url", [f"https://user:{SECRET}@ll.example/2.3.0/", f"https://{SECRET}@ll.example/2.3.0/"])
def test_a_source_with_a_password_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(CommandError, match="may not hold a user or a password") as refused:
        call_command("mirror", "--from", url)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("url", ["", "ll.thespacedevs.com", "ftp://x/2.3.0/", "http://[/", "https:///x", "http://x:y/"])
def test_what_is_no_source(url: str) -> None:
    with pytest.raises(CommandError, match="not an address such as"):
        call_command("mirror", "--from", url)


def test_two_mirrors_at_once(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    one = job()
    with one.spool.locked(), pytest.raises(MirrorError, match="Another mirror is at work"):
        one.once(clock, heard)


def test_each_source_has_a_folder_of_its_own() -> None:
    urls = ["https://h/2.3.0/", "http://h/2.3.0/", "https://h/a/b/", "https://h/a_b/", f"https://h/{'x' * 400}/"]
    names = {Source.of(url).name for url in urls}
    assert len(names) == len(urls)
    assert all(len(name) < 100 for name in names)
    assert Source.of("https://ll.thespacedevs.com:443/2.3.0").name == "ll.thespacedevs.com_2.3.0-968077d4"
