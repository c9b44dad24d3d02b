"""Pages for people: the home page and the documentation."""

import re
from pathlib import Path
from typing import Any

import markdown
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView, View

from spacedb.rest.versions import versions

TOPICS = Path(settings.BASE_DIR) / "docs"
"""Where the project's documentation is: a Markdown file for each topic, headed by its title."""

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:"
)
"""The content security policy of the pages: whatever their scripts try, nothing is loaded from another host."""


@method_decorator(csrf_exempt, name="dispatch")  # so that other methods are answered with 405
class PageView(TemplateView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(
            context, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY}, **kwargs
        )


@method_decorator([csrf_exempt, vary_on_headers("Accept")], name="dispatch")
class HomeView(View):
    """`/`: people are led to the documentation, programs are told where each version begins."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
            return redirect("docs")
        begin = {number: request.build_absolute_uri(reverse(f"{number}-root")) for number in versions()}
        return JsonResponse({**begin, "docs": request.build_absolute_uri(reverse("docs"))})


class DocsView(PageView):
    """`/docs/`: what this server is, and the way to everything else."""

    template_name = "web/docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = ("root", "schema", "swagger", "redoc")
        addresses = {number: {place: reverse(f"{number}-{place}") for place in places} for number in versions()}
        return super().get_context_data(versions=addresses, topics=topics(), **kwargs)


class TopicView(PageView):
    """`/docs/{topic}/`: one topic of the project's documentation."""

    template_name = "web/topic.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = _topics().get(kwargs["topic"])
        if file is None:
            raise Http404
        return super().get_context_data(title=_title(file), text=_html(file.read_text()), **kwargs)


def topics() -> dict[str, str]:
    """The topics, each with its title."""
    return {name: _title(file) for name, file in _topics().items()}


def _topics() -> dict[str, Path]:
    return {file.stem: file for file in sorted(TOPICS.glob("*.md"))}


def _title(file: Path) -> str:
    with file.open() as lines:
        return lines.readline().strip("# \n")


def _html(text: str) -> SafeString:
    """Markdown as HTML, where a link to another topic's file leads to its page."""
    html = markdown.markdown(text, extensions=["fenced_code", "tables", "toc"])
    return mark_safe(re.sub(r'href="([\w-]+)\.md(#[\w-]*)?"', r'href="../\1/\2"', html))
