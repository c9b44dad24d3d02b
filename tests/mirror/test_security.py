"""Requests go to one host with a valid certificate, and the token is not disclosed."""

import datetime as dt
import logging
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from django.core.management import CommandError, call_command

from agencies.models import Agency
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.source import Source
from tests.mirror.conftest import FakeClock, JobFactory, Mirror, RecordingReporter, both_modes
from tests.mirror.fake_source import FakeSource, Fault, no_fault, respond, serve

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_neutral]

# --- Other hosts ------------------------------------------------------------------------------------------------------


def redirect(to: str) -> Fault:
    return lambda handler: respond(302, headers={"Location": to.format(path=handler.path)})(handler)


@both_modes
def test_redirect_on_the_same_host_is_followed(source: FakeSource, mirror: Mirror) -> None:
    source.faults = [redirect("{path}&again=1")]
    mirror()
    assert Agency.objects.count() == 25
    assert source.request_paths[1].endswith("&again=1")


@both_modes
@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{port}{path}", "https://evil.example/", "file:///etc/passwd", "//x:y"]
)
def test_redirect_to_another_host_is_not_followed(to: str, source: FakeSource, mirror: Mirror) -> None:
    other = FakeSource()
    with serve(other) as url:
        source.faults = [redirect(to.replace("{port}", url.split(":")[2].split("/")[0]))]
        with pytest.raises(MirrorError, match="leads to another host"):
            mirror(token="secret")
    assert other.request_paths == []
    assert len(source.request_paths) == 1


@both_modes
def test_endless_redirects(source: FakeSource, mirror: Mirror) -> None:
    source.default_fault = redirect("{path}")
    with pytest.raises(MirrorError, match="redirects more than 5 times"):
        mirror()
    assert len(source.request_paths) == 6


# --- TLS --------------------------------------------------------------------------------------------------------------


def tls(ca: trustme.CA, *names: str, **options: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names, **options).configure_cert(context)
    return context


YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

CERTIFICATES = {
    "expired": ({"not_after": YESTERDAY}, "127.0.0.1", "certificate has expired"),
    "of another host": ({}, "spacedb.example", "not valid for '127.0.0.1'|IP address mismatch"),
}


@both_modes
@pytest.mark.parametrize(("options", "name", "reason"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_invalid_certificate(
    options: Any,
    name: str,
    reason: str,
    source: FakeSource,
    mirror: Mirror,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with (
        serve(source, tls(ca, name, **options)) as url,
        pytest.raises(MirrorError, match=f"the certificate cannot be trusted: .*({reason})"),
    ):
        mirror(url=url, token="secret")
    assert source.request_paths == []
    assert clock.sleeps == []


@both_modes
def test_certificate_of_an_unknown_authority(source: FakeSource, mirror: Mirror) -> None:
    with (
        serve(source, tls(trustme.CA(), "127.0.0.1")) as url,
        pytest.raises(
            MirrorError, match=r"the certificate cannot be trusted: .*(unable to get|self.signed|not trusted)"
        ),
    ):
        mirror(url=url)


def test_valid_certificate(source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with serve(source, tls(ca, "127.0.0.1")) as url:
        mirror(url=url, token="secret")
    assert Agency.objects.count() == 25
    assert {headers["Authorization"] for headers in source.headers} == {"Token secret"}


# --- Environment variables --------------------------------------------------------------------------------------------

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without proxies."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SSL_CERT_FILE", "/no/ca.pem", "certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: .*No such file"),
        ("SSL_CERT_FILE", "/etc/passwd", "certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read"),
        ("ALL_PROXY", "socks5://proxy.example:1", "ALL_PROXY cannot be used: it has to be http:// or https://"),
        ("HTTP_PROXY", "ftp://proxy.example", "The proxy of HTTP_PROXY, .* cannot be used"),
        ("HTTP_PROXY", "http://me:5ecret/5ecret@proxy.example", "The proxy of HTTP_PROXY, .* cannot be used"),
    ],
)
def test_invalid_environment(
    name: str,
    value: str,
    message: str,
    make_job: JobFactory,
    mirror: Mirror,
    clock: FakeClock,
    reporter: RecordingReporter,
    environment: pytest.MonkeyPatch,
) -> None:
    """The message contains the reason but no password. With `--every` the run is repeated."""
    environment.setenv(name, value)
    with pytest.raises(MirrorError, match=message) as refused:
        mirror(url="http://ll.example/2.3.0/")
    assert "5ecret" not in str(refused.value)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make_job(url="http://ll.example/2.3.0/").run_forever(3600, clock, reporter, stop)
    assert reporter.errors == [str(refused.value)]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
def test_local_source_is_requested_without_proxy(
    name: str, source: FakeSource, mirror: Mirror, clock: FakeClock, environment: pytest.MonkeyPatch
) -> None:
    """Other sources are requested through the proxy."""
    proxy = FakeSource(source.rows, clock=clock.monotonic)
    with serve(proxy) as url:
        environment.setenv(name, url.removesuffix("/2.3.0/"))
        mirror(token="secret")
        assert len(source.request_paths) == 3
        assert proxy.request_paths == []
        mirror(url="http://ll.example/2.3.0/")
    assert {headers["Host"] for headers in proxy.headers} == {"ll.example"}
    assert len(proxy.request_paths) == 3


@pytest.mark.parametrize("contact", ["Zoë", "a@spacedb.example\nX-More: more", "\x1b[2J"])
def test_invalid_contact(contact: str, source_url: str, settings: Any, tmp_path: Path, source: FakeSource) -> None:
    settings.MIRROR_PAGE_STORE, settings.MIRROR_CONTACT = tmp_path, contact
    with pytest.raises(CommandError, match="MIRROR_CONTACT is sent in a header"):
        call_command("mirror", "--from", source_url, "--only", "agencies")
    assert source.request_paths == []


# --- The token --------------------------------------------------------------------------------------------------------

SECRET = "5ecret-that-nobody-may-read"


def test_token_is_in_no_output_and_no_file(
    source_url: str,
    source: FakeSource,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path / "page_store"
    (tmp_path / "token").write_text(f"{SECRET}\n")
    source.faults = [respond(500), no_fault, respond(403)]
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CommandError) as failed:
        call_command("mirror", "--from", source_url, "--only", "agencies", "--token", tmp_path / "token")
    call_command("mirror", "--from", source_url, "--only", "agencies", "--token", tmp_path / "token")
    assert {headers["Authorization"] for headers in source.headers} == {f"Token {SECRET}"}
    out, err = capfd.readouterr()
    files = [path.read_bytes() for path in (tmp_path / "page_store").rglob("*") if path.is_file()]
    assert len(files) == 4
    assert SECRET not in "".join([str(failed.value), caplog.text, out, err, *map(str, files)])


def test_token_is_not_in_the_repr_of_a_job(make_job: JobFactory) -> None:
    job = make_job(token=SECRET)
    assert job.token == SECRET
    assert SECRET not in repr(job)


def test_token_on_the_command_line(settings: Any, tmp_path: Path) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path
    with pytest.raises(CommandError, match="Do not pass the token itself") as refused:
        call_command("mirror", "--token", SECRET)
    assert SECRET not in str(refused.value)


def test_invalid_token(settings: Any, tmp_path: Path) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path
    settings.MIRROR_TOKEN = f"{SECRET} Ö"
    with pytest.raises(CommandError, match="MIRROR_TOKEN: expected one token") as refused:
        call_command("mirror")
    assert SECRET not in str(refused.value)


def test_token_is_not_sent_unencrypted(mirror: Mirror) -> None:
    with pytest.raises(MirrorError, match=r"unencrypted\. Use https"):
        mirror(url="http://ll.example/2.3.0/", token=SECRET)


@pytest.mark.parametrize("url", [f"https://user:{SECRET}@ll.example/2.3.0/", f"https://{SECRET}@ll.example/2.3.0/"])
def test_password_in_the_url_of_the_source(url: str) -> None:
    with pytest.raises(CommandError, match="must not contain a user or a password") as refused:
        call_command("mirror", "--from", url)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("url", ["", "ll.thespacedevs.com", "ftp://x/2.3.0/", "http://[/", "https:///x", "http://x:y/"])
def test_invalid_url_of_the_source(url: str) -> None:
    with pytest.raises(CommandError, match="not a URL such as"):
        call_command("mirror", "--from", url)


def test_concurrent_mirrors(
    source: FakeSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter
) -> None:
    job = make_job()
    with job.page_store.lock(), pytest.raises(MirrorError, match="Another mirror is running"):
        job.run_once(clock, reporter)


def test_folder_names_are_unique() -> None:
    urls = ["https://h/2.3.0/", "http://h/2.3.0/", "https://h/a/b/", "https://h/a_b/", f"https://h/{'x' * 400}/"]
    names = {Source.parse(url).folder_name for url in urls}
    assert len(names) == len(urls)
    assert all(len(name) < 100 for name in names)
    assert Source.parse("https://ll.thespacedevs.com:443/2.3.0").folder_name == "ll.thespacedevs.com_2.3.0-968077d4"
