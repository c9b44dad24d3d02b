"""Links of the documentation: files and headings exist, in the repository and on the pages of the server."""

import re
from pathlib import Path

import markdown
import pytest
from django.test import Client

from spacedb.web.views import SECTIONS, sections, topics

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
SOURCES = ("agencies", "benchmarks", "deploy", "flights", "scripts", "spacecraft", "spacedb", "tests")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


pytestmark = pytest.mark.vendor_neutral


def links(document: Path) -> list[str]:
    """The targets of all links and images, except those to other hosts."""
    targets = LINK.findall(CODE.sub("", document.read_text()))
    return [target for target in targets if not re.match(r"\w+:", target)]


def github_anchors(document: Path) -> set[str]:
    """The anchors of the headings, as GitHub generates them."""
    headings = re.findall(r"^#+ (.*)$", CODE.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def server_anchors(document: Path) -> set[str]:
    """The anchors of the headings on the pages under `/docs/`."""
    html = markdown.markdown(document.read_text(), extensions=["fenced_code", "tables", "toc"])
    return set(re.findall(r'<h\d id="([^"]+)"', html))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(document: Path) -> None:
    for target in links(document):
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        if anchor:
            assert anchor in github_anchors(file) & server_anchors(file), target


def test_every_page_is_in_a_section_and_in_the_overview() -> None:
    pages = {str(file.relative_to(ROOT / "docs").with_suffix("")) for file in (ROOT / "docs").rglob("*.md")}
    assert pages - {"README"} == topics().keys()
    assert list(sections()) == list(SECTIONS.values())
    listed = {target.removesuffix(".md") for target in links(ROOT / "docs" / "README.md")}
    assert topics().keys() <= listed


@pytest.mark.parametrize("topic", topics())
@pytest.mark.django_db  # pages link to /health/
def test_pages_link_to_pages(client: Client, topic: str) -> None:
    """Links to other pages have URLs of this server; links to other files of the repository are plain text."""
    html = client.get(f"/docs/{topic}/").content.decode()
    urls = [url for url in re.findall(r'<a href="([^"]+)"', html) if not re.match(r"https?:|#", url)]
    for url in urls:
        path, _, anchor = url.partition("#")
        page = client.get(path)
        assert page.status_code in {200, 302}, url
        assert not anchor or f'id="{anchor}"' in page.content.decode(), url


@pytest.mark.parametrize("topic", ["how-to", "how-to/nothing", "README", "../README", "how-to/../how-to/deploy"])
def test_404_for_other_files(client: Client, topic: str) -> None:
    assert client.get(f"/docs/{topic}/").status_code == 404


def test_sources_name_existing_pages() -> None:
    """A docstring or comment that refers to a page must be changed when the page is moved."""
    files = [
        file for folder in SOURCES for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ".yaml", ".toml"}
    ]
    for file in [*files, ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "gunicorn.conf.py"]:
        for path in re.findall(r"\bdocs/[\w/-]+\.md\b", file.read_text()):
            assert (ROOT / path).exists(), f"{file.relative_to(ROOT)}: {path}"
