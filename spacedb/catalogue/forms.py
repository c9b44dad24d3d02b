"""Base classes of the forms of the admin: they write what the editor changed, and nothing else."""

from collections.abc import Collection
from copy import copy
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from typing_extensions import override

SHOWN_VALUES = "shown_values"
"""Name of the hidden field that contains the values that the form showed."""


class UnchangedCharField(forms.CharField):
    """A CharField that ignores differences in line endings, which browsers normalize to CRLF."""

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        return _normalize_line_endings(initial) != _normalize_line_endings(data)


class UnchangedURLField(UnchangedCharField, forms.URLField):
    """A URLField that ignores differences in line endings."""


def _normalize_line_endings(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


class WebURLWidget(AdminURLFieldWidget):
    """Input of a URL, with a link to it if it is a URL of the web."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, validator_class=partial(URLValidator, schemes=["http", "https"]))


class ShownValuesField(forms.CharField):
    """Hidden field with the signed values that a form showed when the editor opened it."""

    widget = forms.HiddenInput

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class PartialModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A ModelForm that saves the fields that the editor edited, and only these.

    While an editor has a form open, ingest, the mirror or another editor may write the object. So the form contains the
    values that it showed. A field is edited if the submitted value differs from the shown one, and only edited columns
    are written. If an edited field was written by someone else, too, the form has an error with both values. The
    next submission then replaces the other value.

    Forms cannot represent every value: they do not distinguish null from an empty string, and drop trailing spaces
    and microseconds. Stored values may also be invalid, as documents are not validated as strictly as forms. So fields
    that were not edited are neither validated nor written.

    The form must be cleaned and saved in one transaction that other writers wait for.
    """

    shown_values = ShownValuesField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._model_fields = {
            field.name: field
            for field in (*self._meta.model._meta.concrete_fields, *self._meta.model._meta.many_to_many)
            if field.name in self.fields
        }
        self._stored: dict[str, Any] = {}
        if not self.instance._state.adding:
            self._stored = {name: self._to_json(name, self.initial.get(name)) for name in self._model_fields}
        self._shown = self._stored
        self._is_unreadable = False
        if submitted := self.data.get(self.add_prefix(SHOWN_VALUES)):
            self._load_shown_values(submitted)
        elif self._stored:
            self.initial[SHOWN_VALUES] = self._sign(self._stored)

    @property
    def _is_deleted(self) -> bool:
        """Whether the form showed an object that no longer exists."""
        return bool(self._shown) and self.instance._state.adding

    @property
    def _unedited(self) -> set[str]:
        return self._shown.keys() - set(self.changed_data)

    @override
    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        for name in self._unedited:
            self.errors.pop(name, None)
        if self._is_deleted:
            self.errors.clear()
            if edited := self._shown.keys() - self._unedited:
                labels = ", ".join(sorted(str(self.fields[name].label) for name in edited))
                self.add_error(
                    None, f"Someone else has deleted this. Select “Delete” to save without your changes of: {labels}."
                )

    @override
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._is_unreadable:
            self.add_error(None, "The values that this form showed are unreadable. Open the page again.")
        if self._is_deleted:
            return cleaned
        for name in self._unedited:
            cleaned.pop(name, None)
            if not self._model_fields[name].many_to_many:
                cleaned[name] = getattr(self.instance, name)
        self._add_conflicts([name for name in self._shown if name in self.changed_data and name in cleaned])
        return cleaned

    def _add_conflicts(self, edited: list[str]) -> None:
        """Add an error to each field that has become another value than the editor saw and than they entered."""
        conflicts = [
            name
            for name in edited
            if self._stored[name] not in (self._shown[name], self._to_json(name, self.cleaned_data[name]))
        ]
        for name in conflicts:
            field = self._model_fields[name]
            stored = getattr(self.instance, name)
            theirs = _display(stored.all() if field.many_to_many else stored)
            yours = _display(self.cleaned_data[name])
            self.add_error(
                name, f"Someone else has changed this to {theirs}. Save again to replace it with your value: {yours}."
            )
        if conflicts:
            shown = self._shown | {name: self._stored[name] for name in conflicts}
            data: Any = copy(self.data)
            data[self.add_prefix(SHOWN_VALUES)] = self._sign(shown)
            self.data = data

    @override
    def save(self, commit: bool = True) -> Any:
        if not commit or self.instance._state.adding:
            return super().save(commit)
        instance = super().save(commit=False)
        instance.save(update_fields=self.edited_columns())
        self.save_m2m()
        return instance

    def edited_columns(self) -> Collection[str]:
        """Names of the edited fields that are columns of the object's table."""
        return {field.name for field in self.instance._meta.concrete_fields if field.name in self.changed_data}

    def _to_json(self, name: str, value: Any) -> Any:
        """Represent a value of a field as JSON. Equal values have equal representations."""
        if self._model_fields[name].many_to_many:
            return sorted(str(related.pk) for related in value)
        value = getattr(value, "pk", value)
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)

    def _sign(self, shown: dict[str, Any]) -> str:
        return signing.dumps(shown, salt=self._meta.model._meta.label, compress=True)

    def _load_shown_values(self, submitted: str) -> None:
        """Compare the submitted values with those that the form showed, instead of those in the database."""
        try:
            shown = signing.loads(submitted, salt=self._meta.model._meta.label)
            values = {
                name: value if field.many_to_many else field.to_python(value)
                for name, field in self._model_fields.items()
                if name in shown
                for value in [shown[name]]
            }
        except (signing.BadSignature, ValidationError):
            self._is_unreadable = True
            return
        self._shown = {name: shown[name] for name in values}
        self.initial.update(values)


def _display(value: Any) -> str:
    if isinstance(value, models.QuerySet):
        value = ", ".join(sorted(map(str, value)))
    return "an empty value" if value in (None, "") else f"“{value}”"


class PartialInlineFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """An inline formset whose rows may have been deleted or added since it was shown."""

    @override
    def get_queryset(self) -> Any:
        """Return the objects of the submitted rows. The admin pairs the two when it shows errors.

        A row whose object was deleted has a text in its place.
        """
        if self.is_bound and "forms" in self.__dict__:
            return ["Deleted" if form.instance._state.adding else form.instance for form in self.initial_forms]
        return super().get_queryset()
