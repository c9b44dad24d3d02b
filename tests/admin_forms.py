"""Submit the forms of the admin as a browser would."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from typing_extensions import override


def admin_url(model: type[models.Model], action: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


class FormParser(HTMLParser):
    """Parses the only form of a page. `data` is what a browser would submit without edits."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.select: dict[str, Any] | None = None
        self.textarea: str | None = None
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attributes: Any) -> None:
        values = dict(attributes)
        if tag == "option" and self.select is not None:
            self.select["all"].append(values["value"])
            self.select["chosen"] += [values["value"]] * ("selected" in values)
        name = values.get("name")
        if not name or "__prefix__" in name or "disabled" in values:
            return
        if tag == "select":
            self.select = {"name": name, "many": "multiple" in values, "all": [], "chosen": []}
        elif tag == "textarea":
            self.textarea, self.data[name] = name, [""]
        elif values.get("type") != "submit" and (values.get("type") != "checkbox" or "checked" in values):
            self.data.setdefault(name, []).append(values.get("value", "on" if "checked" in values else "") or "")

    @override
    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.data[self.textarea] = [self.data[self.textarea][0] + data]

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select is not None:
            selected = self.select["chosen"] or ([] if self.select["many"] else self.select["all"][:1])
            self.data[self.select["name"]], self.select = selected, None
        elif tag == "textarea" and self.textarea:
            text = self.data[self.textarea][0].replace("\r\n", "\n").removeprefix("\n")
            self.data[self.textarea], self.textarea = [text.replace("\n", "\r\n")], None


def load(client: Client, url: str) -> dict[str, list[str]]:
    """Load the form at this URL, and return what a browser would submit without edits."""
    page = client.get(url)
    assert page.status_code == 200
    return FormParser(page.text).data


def submit(client: Client, url: str, data: dict[str, Any]) -> None:
    """Submit a form. Fail if it has errors."""
    response = client.post(url, data)
    if response.status_code != 302:
        context = response.context
        errors = [*context["errors"], *(form.formset.errors for form in context["inline_admin_formsets"])]
        pytest.fail(f"{url} was not saved: {errors}")


def save(client: Client, url: str, **edited: Any) -> None:
    """Load the form at this URL, edit these fields, and submit it. Fail if it has errors."""
    data = load(client, url)
    assert edited.keys() <= data.keys() | {name for name in edited if "-" in name}
    submit(client, url, data | edited)
