"""HTML pages: the documentation."""

import posixpath
import re
from pathlib import Path
from typing import Any

import markdown
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView
from typing_extensions import override

from spacedb.installation import RESOURCES
from spacedb.rest.versions import versions

DOCS = RESOURCES / "docs"
"""The folder of the documentation: a folder for each section, with a Markdown file for each topic."""

SECTIONS = {
    "tutorial": "Tutorial",
    "how-to": "How-to guides",
    "reference": "Reference",
    "explanation": "Explanation",
}
"""The titles of the sections, by the name of their folder, in the order in which they are listed."""


@method_decorator(csrf_exempt, name="dispatch")  # otherwise a POST request gets 403 instead of 405
class PageView(TemplateView):
    """A page."""


class DocsView(PageView):
    """`/docs/`: an overview of the API versions and of the documentation."""

    template_name = "web/docs.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = ("root", "schema", "swagger", "redoc")
        urls = {number: {page: reverse(f"{number}-{page}") for page in pages} for number in versions()}
        return super().get_context_data(versions=urls, sections=sections(), **kwargs)


class TopicView(PageView):
    """`/docs/{topic}/`: a page of the documentation, such as `/docs/how-to/deploy/`."""

    template_name = "web/topic.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic = kwargs["topic"]
        file = _topic_files().get(topic)
        if file is None:
            raise Http404
        section = SECTIONS[topic.partition("/")[0]]
        content = _render_markdown(file.read_text(), topic)
        return super().get_context_data(title=_title(file), section=section, content=content, **kwargs)


def topics() -> dict[str, str]:
    """The titles of all topics, by their path below `docs` without the suffix: `how-to/deploy`."""
    return {topic: _title(file) for topic, file in _topic_files().items()}


def sections() -> dict[str, dict[str, str]]:
    """The topics of each section, by the title of the section."""
    titles = topics()
    return {
        title: {topic: titles[topic] for topic in titles if topic.startswith(f"{folder}/")}
        for folder, title in SECTIONS.items()
    }


def _topic_files() -> dict[str, Path]:
    return {f"{folder}/{file.stem}": file for folder in SECTIONS for file in sorted((DOCS / folder).glob("*.md"))}


def _title(file: Path) -> str:
    with file.open() as lines:
        return lines.readline().strip("# \n")


def _render_markdown(text: str, topic: str) -> SafeString:
    """Render Markdown as HTML.

    Links to the files of other topics become links to their pages. Links to other files of the repository, which the
    server does not serve, become plain text.
    """
    html = markdown.markdown(text, extensions=["fenced_code", "tables", "toc"])
    folder = posixpath.dirname(topic)

    def replace(link: re.Match[str]) -> str:
        path, fragment, label = link.groups()
        target = posixpath.normpath(posixpath.join(folder, path)).removesuffix(".md")
        if target not in _topic_files():
            return label
        return f'<a href="{reverse("topic", args=[target])}{fragment or ""}">{label}</a>'

    return mark_safe(re.sub(r'<a href="(?!\w+:|#|/)([^"#]+)(#[^"]*)?">(.*?)</a>', replace, html, flags=re.DOTALL))
