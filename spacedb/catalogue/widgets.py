"""Inputs of the forms of the admin."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminURLFieldWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override

from spacedb.catalogue.pictures import own_picture, picture


class WebURLWidget(AdminURLFieldWidget):
    """Input of a URL, with a link to it if it is a URL of the web."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, validator_class=partial(URLValidator, schemes=["http", "https"]))


class PictureURLWidget(WebURLWidget):
    """Input of the URL of an image, with the image."""

    @override
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html("{}{}", picture(value), super().render(name, value, attrs, renderer))


class CheckedOptionsMixin(AutocompleteMixin, forms.Select):
    """The selected options of an autocompletion, without values that are not ids, and with their pictures."""

    field: Any
    choices: Any
    loaded: Mapping[str, models.Model] = {}
    """Objects by the text of their id, which are not queried again."""
    selected: list[models.Model]

    @override
    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        ids = [each for each in value if each and self._is_id(each)]
        self.selected = self._load(ids if self.allow_multiple_selected else ids[:1])
        label = self.choices.field.label_from_instance
        options = [
            self.create_option(name, instance.pk, label(instance), True, index)
            for index, instance in enumerate(self.selected)
        ]
        if not self.is_required and not self.allow_multiple_selected:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]

    def _load(self, ids: list[str]) -> list[models.Model]:
        if all(each in self.loaded for each in ids):
            return [self.loaded[each] for each in ids]
        return list(self.choices.queryset.filter(pk__in=ids))

    def _is_id(self, value: str) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True

    @override
    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        html = super().render(*args, **kwargs)
        pictures = format_html_join("", "{}", ((own_picture(instance),) for instance in self.selected))
        return format_html("{}{}", pictures, html)


class CheckedAutocompleteSelect(CheckedOptionsMixin, AutocompleteSelect):
    """The input of a foreign key with autocompletion."""


class CheckedAutocompleteSelectMultiple(CheckedOptionsMixin, AutocompleteSelectMultiple):
    """The input of a many-to-many field with autocompletion."""
