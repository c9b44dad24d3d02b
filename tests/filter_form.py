"""The filter form of a page, as a browser reads it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from typing_extensions import override

HTML = {"accept": "text/html"}


@dataclass
class Control:
    attributes: dict[str, str]
    options: list[tuple[str, str]] = field(default_factory=list)
    selected: str = ""
    folded: int = 0
    """How many closed `<details>` contain it."""

    @property
    def name(self) -> str:
        return self.attributes["name"]

    @property
    def value(self) -> str:
        return self.selected if self.options else self.attributes.get("value", "")


class Form(HTMLParser):
    """The form of a page with its facets, and the chips that follow it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.html = page[page.index('<form method="get" class="filters"') :].split("<script", 1)[0]
        self.nodes = 0
        self.controls: dict[str, Control] = {}
        self.labels: dict[str, str] = {}
        self.ids: list[str] = []
        self.chips: list[tuple[str, str]] = []
        self.facets: dict[str, list[tuple[str, int, str]]] = {}
        self.suggestions: dict[str, list[tuple[str, str]]] = {}
        self._path: list[tuple[str, dict[str, str]]] = []
        self._control = Control({})
        self._link = ""
        self._texts: list[str] = []
        self.feed(self.html)
        assert not self._path, "every element is closed"

    @override
    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.nodes += 1
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag != "input":
            self._path.append((tag, attributes))
        if tag in ("label", "a", "option"):
            self._texts = []
        if tag in ("input", "select"):
            closed = [1 for name, values in self._path if name == "details" and "open" not in values]
            self._control = Control(attributes, folded=len(closed))
            assert attributes["name"] not in self.controls
            self.controls[attributes["name"]] = self._control
        if tag == "option" and "selected" in attributes:
            self._control.selected = attributes["value"]

    @override
    def handle_endtag(self, tag: str) -> None:
        name, attributes = self._path.pop()
        assert name == tag
        text = "".join(self._texts).strip()
        classes = [values.get("class", "").split()[-1:] for _, values in self._path]
        if tag == "label":
            self.labels[attributes["for"]] = text
        elif tag == "option":
            self._control.options.append((attributes["value"], text))
        elif tag == "a" and ["suggestions"] in classes:
            self.suggestions.setdefault(self._control.name, []).append((text, attributes["href"]))
        elif tag == "a" and ["facet"] in classes:
            self.facets.setdefault(self._control.name, []).append((text, -1, attributes["href"]))
        elif tag == "a" and ["active-filters"] in classes:
            self.chips.append((text.removeprefix("Remove the filter ").removesuffix(" ✕"), attributes["href"]))
        elif tag == "span" and attributes.get("class") == "number" and ["facet"] in classes:
            name, _, url = self.facets[self._control.name].pop()
            self.facets[self._control.name].append((name, int(self._texts[-1]), url))

    @override
    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    def fields(self) -> dict[str, Control]:
        return {name: each for name, each in self.controls.items() if each.attributes.get("type") != "hidden"}

    def hidden(self) -> dict[str, str]:
        return {name: each.value for name, each in self.controls.items() if each.attributes.get("type") == "hidden"}


def form_of(url: str, status: int = 200) -> Form:
    response = Client().get(url, headers=HTML)
    assert response.status_code == status
    return Form(response.text)
