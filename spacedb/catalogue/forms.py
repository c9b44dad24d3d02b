"""Base classes of the forms of the admin: they write what the editor changed, and nothing else."""

from collections.abc import Collection, Sequence
from copy import copy
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.utils import ErrorDict
from typing_extensions import override

from spacedb.catalogue.rules import Rule
from spacedb.catalogue.widgets import CheckedAutocompleteSelect

SHOWN_VALUES = "shown_values"
"""Name of the hidden field that contains the values that the form showed."""

SAVE_ANYWAY = "save_anyway"
"""Name of the checkbox with which an editor ignores the warnings of a form. It is hidden until there is one."""


class UnchangedCharField(forms.CharField):
    """A CharField that ignores differences in line endings, which browsers normalize to CRLF."""

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        return _normalize_line_endings(initial) != _normalize_line_endings(data)


class UnchangedURLField(UnchangedCharField, forms.URLField):
    """A URLField that ignores differences in line endings."""


def _normalize_line_endings(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


class ShownValuesField(forms.CharField):
    """Hidden field with the signed values that a form showed when the editor opened it."""

    widget = forms.HiddenInput

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SaveAnywayField(forms.BooleanField):
    """Checkbox that is hidden until the form has a warning."""

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
    that were not edited are neither validated nor written, and rules do not judge them.

    The form must be cleaned and saved in one transaction that other writers wait for.
    """

    shown_values = ShownValuesField(required=False)
    save_anyway = SaveAnywayField(required=False)

    rules: ClassVar[Sequence[Rule]] = ()
    requires_shown_values: ClassVar[bool] = True
    """Whether a form of an existing object must be submitted with the values that it showed."""
    refuses_deletion = False
    """Whether the form was to delete its object, and did not because someone else has written it."""

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
            self._is_unreadable = self.is_bound and self.requires_shown_values
        self._show_related_objects()
        if self.data.get(self.add_prefix(SAVE_ANYWAY)):
            self._show_save_anyway()

    def _show_related_objects(self) -> None:
        """Keep the inputs of foreign keys from querying the related objects again that are already loaded."""
        for name, field in self._model_fields.items():
            widget = getattr(self.fields[name].widget, "widget", None)
            if isinstance(widget, CheckedAutocompleteSelect) and field.is_cached(self.instance):
                related = getattr(self.instance, name)
                widget.loaded = {} if related is None else {str(related.pk): related}

    def _show_save_anyway(self) -> None:
        self.fields[SAVE_ANYWAY].widget = forms.CheckboxInput()

    @property
    def _is_deleted(self) -> bool:
        """Whether the form showed an object that no longer exists."""
        return bool(self._shown) and self.instance._state.adding

    @property
    def _unedited(self) -> set[str]:
        return self._shown.keys() - set(self.changed_data)

    @override
    def full_clean(self) -> None:
        if self.is_bound and self._shown and not (self.changed_data or self._is_deleted or self._is_unreadable):
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
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
        elif self.cleaned_data.get(DELETION_FIELD_NAME):
            self._check_deletion()
        else:
            self._check_rules()

    def _check_deletion(self) -> None:
        """Refuse to delete a row that someone else has written since the form was opened."""
        if self._is_unreadable:
            self.refuses_deletion = True
            return
        self.errors.clear()
        for name in (conflicts := [name for name in self._shown if self._conflict(name)]):
            self.add_error(
                name, f"Someone else has changed this to {self._display_stored(name)}. Save again to delete the row."
            )
        self._mark_as_shown(conflicts)
        self.refuses_deletion = bool(conflicts)

    def _check_rules(self) -> None:
        for rule in self.rules:
            edited = [name for name in rule.fields if name in self.changed_data]
            if not edited or any(name in self.errors for name in rule.fields):
                continue
            if rule.is_warning and self.cleaned_data.get(SAVE_ANYWAY):
                continue
            if message := rule.check(self.instance):
                if rule.is_warning:
                    self._show_save_anyway()
                    message += " Select “Save anyway” if this is right."
                self.add_error(edited[-1], message)

    @override
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._is_unreadable:
            self.add_error(
                None,
                "The values that this form showed are missing or unreadable, so saving it could undo the changes of "
                "others. Open the page again.",
            )
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
            if self._conflict(name) and self._stored[name] != self._to_json(name, self.cleaned_data[name])
        ]
        for name in conflicts:
            yours = _display(self.cleaned_data[name])
            self.add_error(
                name,
                f"Someone else has changed this to {self._display_stored(name)}. "
                f"Save again to replace it with your value: {yours}.",
            )
        self._mark_as_shown(conflicts)

    def _conflict(self, name: str) -> bool:
        """Whether someone else has written a field since the form was opened."""
        return bool(self._stored[name] != self._shown[name])

    def _display_stored(self, name: str) -> str:
        stored = getattr(self.instance, name)
        return _display(stored.all() if self._model_fields[name].many_to_many else stored)

    def _mark_as_shown(self, names: Collection[str]) -> None:
        """Submit the stored values of these fields with the form the next time, as the editor has now seen them."""
        if names:
            shown = self._shown | {name: self._stored[name] for name in names}
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
    """An inline formset whose rows may have been written, deleted or added since it was shown."""

    @override
    def get_queryset(self) -> Any:
        """Return the objects of the submitted rows. The admin pairs the two when it shows errors.

        A row whose object was deleted has a text in its place.
        """
        if self.is_bound and "forms" in self.__dict__:
            return ["Deleted" if form.instance._state.adding else form.instance for form in self.initial_forms]
        return super().get_queryset()

    @override
    def add_fields(self, form: Any, index: int | None) -> None:
        """Label the checkbox for deletion, as a table has only headings."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = "Delete"

    def _should_delete_form(self, form: Any) -> bool:
        """Called by Django, which does not document it."""
        should_delete: bool = super()._should_delete_form(form)  # type: ignore[misc]
        return should_delete and not form.refuses_deletion
