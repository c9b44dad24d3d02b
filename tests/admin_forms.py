"""The forms of the admin, filled in and sent as a browser would."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from typing_extensions import override


def address(model: type[models.Model], action: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


class Page(HTMLParser):
    """What a browser would post, if the one form of a page were sent as it was shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.posted: dict[str, list[str]] = {}
        self.select: dict[str, Any] | None = None
        self.textarea: str | None = None
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attributes: Any) -> None:
        found = dict(attributes)
        if tag == "option" and self.select is not None:
            self.select["all"].append(found["value"])
            self.select["chosen"] += [found["value"]] * ("selected" in found)
        name = found.get("name")
        if not name or "__prefix__" in name or "disabled" in found:
            return
        if tag == "select":
            self.select = {"name": name, "many": "multiple" in found, "all": [], "chosen": []}
        elif tag == "textarea":
            self.textarea, self.posted[name] = name, [""]
        elif found.get("type") != "submit" and (found.get("type") != "checkbox" or "checked" in found):
            self.posted.setdefault(name, []).append(found.get("value", "on" if "checked" in found else "") or "")

    @override
    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.posted[self.textarea] = [self.posted[self.textarea][0] + data]

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select is not None:
            shown = self.select["chosen"] or ([] if self.select["many"] else self.select["all"][:1])
            self.posted[self.select["name"]], self.select = shown, None
        elif tag == "textarea" and self.textarea:
            text = self.posted[self.textarea][0].replace("\r\n", "\n").removeprefix("\n")
            self.posted[self.textarea], self.textarea = [text.replace("\n", "\r\n")], None


def save(client: Client, url: str, **edited: Any) -> None:
    """Open a form, fill in what is edited, and save it."""
    shown = client.get(url)
    assert shown.status_code == 200
    posted = Page(shown.content.decode()).posted
    assert edited.keys() <= posted.keys() | {name for name in edited if "-" in name}
    response = client.post(url, posted | edited)
    if response.status_code != 302:
        context = response.context
        errors = [*context["errors"], *(form.formset.errors for form in context["inline_admin_formsets"])]
        pytest.fail(f"{url} was not saved: {errors}")
