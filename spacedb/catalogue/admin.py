"""Base classes of the admin.

A subclass declares the columns, search fields and filters of its change list; the rest is derived from the model.
Saving a form changes the edited fields only: see `spacedb.catalogue.forms`.
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override

from spacedb.catalogue.actions import export_csv, mark_as_placeholder, unmark_as_placeholder
from spacedb.catalogue.forms import (
    SAVE_ANYWAY,
    SHOWN_VALUES,
    PartialInlineFormSet,
    PartialModelForm,
    UnchangedCharField,
    UnchangedURLField,
)
from spacedb.catalogue.models import NaturalKeyModel, Resource, name_relations
from spacedb.catalogue.pictures import PICTURE_FIELDS, has_picture, picture_of, picture_relations
from spacedb.catalogue.rules import Rule, bound_validators, distinct
from spacedb.catalogue.site import VOCABULARIES, CheckedWidgetsMixin
from spacedb.catalogue.widgets import PictureURLWidget, WebURLWidget
from spacedb.catalogue.write_lock import write_transaction

DURATION_FORMAT = "Format: days, hours, minutes and seconds, such as 3 04:05:06, or ISO 8601, such as P3DT4H5M6S."


class ResourceAdminMixin(CheckedWidgetsMixin):
    """Behavior that model admins and inlines share.

    Foreign keys use autocompletion, except for those to models with a `ConfigAdmin`, which use a select box. Numbers
    and durations have the bounds of `spacedb.catalogue.rules`.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()
    """What the forms check, in addition to the bounds. Inlines have the rules of the admin of the same model, too."""

    form: Any = PartialModelForm
    formfield_overrides: ClassVar = {
        models.CharField: {"form_class": UnchangedCharField},
        models.TextField: {"form_class": UnchangedCharField},
        models.SlugField: {},  # a subclass of CharField that keeps its own form field
        models.URLField: {"form_class": UnchangedURLField, "assume_scheme": "https", "widget": WebURLWidget},
    }

    @override
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in PICTURE_FIELDS and isinstance(db_field, models.CharField):
            kwargs["widget"] = PictureURLWidget
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield and isinstance(db_field, models.IntegerField | models.FloatField | models.DurationField):
            formfield.validators += bound_validators(db_field)
        if formfield and isinstance(db_field, models.DateTimeField):
            for part, name in zip(formfield.widget.widgets, ("date", "time"), strict=True):
                part.attrs["aria-label"] = f"{formfield.label}, {name}"
        if formfield and isinstance(db_field, models.DurationField):
            formfield.help_text = f"{formfield.help_text} {DURATION_FORMAT}".strip()
        return formfield

    @override
    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        relations = (field for field in (*self.opts.fields, *self.opts.many_to_many) if field.is_relation)
        return [field.name for field in relations if not self._has_select_box(field.related_model)]

    def _has_select_box(self, model: Any) -> bool:
        return self.admin_site.is_registered(model) and isinstance(self.admin_site.get_model_admin(model), ConfigAdmin)


class ResourceInline(ResourceAdminMixin, admin.TabularInline):  # type: ignore[type-arg]
    """Inline for objects that belong to the edited object, such as the variants of an image."""

    extra = 0
    formset = PartialInlineFormSet

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Load the related objects that a row shows, so that the number of queries of a form is constant."""
        queryset = super().get_queryset(request)
        names = {*self.get_autocomplete_fields(request), *getattr(self.model, "named_by", ())}
        relations = [field for field in self.opts.fields if field.name in names]
        paths = [path for field in relations for path in (field.name, *_prefixed(field))]
        return queryset.select_related(*paths) if paths else queryset

    @override
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Label the inputs, as a table has only headings."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield:
            widget = getattr(formfield.widget, "widget", formfield.widget)
            widget.attrs.setdefault("aria-label", str(formfield.label))
        return formfield

    @override
    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Query the options of a select box once for all rows."""
        formfield: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if formfield and db_field.name not in self.get_autocomplete_fields(request):
            options = formfield.choices
            formfield.choices = cache(lambda: list(options))
        return formfield

    @override
    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.rules = self.rules
        if self.admin_site.is_registered(self.model):
            page: Any = self.admin_site.get_model_admin(self.model)
            formset.form.rules += page.rules
        formset.form.requires_shown_values = self.has_change_permission(request, obj)
        return formset

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [name for name in super().get_fields(request, obj) if name != SHOWN_VALUES]
        return [*fields, SHOWN_VALUES] if self.has_change_permission(request, obj) else fields


class PlaceholderFilter(admin.SimpleListFilter):
    """Filters by whether an object is a placeholder: one that a document named without its id.

    The title differs from `is_placeholder`, a field of Launch Library with another meaning.
    """

    title = "missing upstream id"
    parameter_name = "missing_upstream_id"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    @override
    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.filter(pk__lt=0)
            case "no":
                return queryset.filter(pk__gte=0)
            case _:
                return queryset


class ResourceAdmin(ResourceAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Admin of a resource. The id is shown and searchable, and cannot be edited.

    Relations in `list_display` are joined, so that the number of queries of a change list is constant.
    `list_select_related` only has to name the relations that `__str__()` methods need.
    """

    list_select_related: ClassVar[tuple[str, ...]] = ()
    actions: Sequence[Any] = (export_csv, mark_as_placeholder, unmark_as_placeholder)
    change_form_template = "catalogue/change_form.html"

    @override
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if not any(field.name == "is_placeholder" for field in self.opts.fields):
            for action in (mark_as_placeholder, unmark_as_placeholder):
                actions.pop(action.__name__, None)
        return actions

    @override
    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("id", *(["picture"] if has_picture(self.model) else []), *self.list_display)

    @override
    def get_list_display_links(self, request: HttpRequest, list_display: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(name for name in list_display if name != "picture")[:2]

    @admin.display(description="picture", empty_value="")
    def picture(self, instance: models.Model) -> SafeString | None:
        return picture_of(instance) or None

    @override
    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        return (*self.list_filter, PlaceholderFilter) if issubclass(self.model, Resource) else tuple(self.list_filter)

    @override
    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.search_fields, "id__exact" if issubclass(self.model, Resource) else "=id")

    @override
    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Order by name if the model has one, otherwise by descending id."""
        has_name = any(field.name == "name" for field in self.opts.fields)
        return tuple(self.ordering or (("name", "id") if has_name else ("-id",)))

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Select the related objects here, as autocompletion needs them as well as the change list."""
        relations = (*self.list_select_related, *picture_relations(self.model), *self._get_displayed_relations())
        queryset = super().get_queryset(request)
        return queryset.select_related(*relations) if relations else queryset

    def _get_displayed_relations(self) -> Iterator[str]:
        """Yield the lookup paths of the relations that the columns of the change list follow."""
        for column in self.list_display:
            path: list[str] = []
            model: Any = self.model
            for name in str(column).split("__"):
                try:
                    field = model._meta.get_field(name)
                except FieldDoesNotExist:
                    break
                if field.many_to_one or field.one_to_one:
                    path.append(name)
                    model = field.related_model
            if path:
                yield "__".join(path)
                yield from ("__".join((*path, name)) for name in name_relations(model))
        yield from name_relations(self.model)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("id", "referring_objects", *self.readonly_fields) if obj else tuple(self.readonly_fields)

    @override
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put the id and the links to referring objects first, if the object is already saved."""
        special = ("id", "referring_objects", SHOWN_VALUES)
        fields = [name for name in self.get_fields(request, obj) if name not in (*special, SAVE_ANYWAY)]
        declared = self.fieldsets or ((None, {"fields": fields}),)
        if not obj:
            return _with_save_anyway(declared)
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": special[:2]}), *declared)
        return ((None, {"fields": special}), *_with_save_anyway(declared))

    @override
    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.rules = self.get_rules()
        form.requires_shown_values = self.has_change_permission(request, obj)
        return form

    def get_rules(self) -> tuple[Rule, ...]:
        """The declared rules, and a warning if another object has the same natural key."""
        key = self.model.natural_key if issubclass(self.model, NaturalKeyModel) else None
        return (*self.rules, distinct(key)) if key else self.rules

    @override
    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        instance = context.get("original")
        context["api_urls"] = self.admin_site.api_urls(instance) if instance else {}  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

    @override
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let other writers wait while a form is compared with the stored object and saved."""
        with write_transaction() if request.method == "POST" else nullcontext():
            return super().changeform_view(request, *args, **kwargs)

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.edited_columns())
        else:
            super().save_model(request, obj, form, change)

    @admin.display(description="Referring objects")
    def referring_objects(self, instance: models.Model) -> SafeString:
        """Return links to the change lists of the objects that refer to this one, such as its flights."""
        links = []
        for relation in self.opts.get_fields(include_hidden=True):
            if not isinstance(relation, ForeignObjectRel):
                continue
            opts = relation.related_model._meta
            if self.admin_site.is_registered(opts.model):
                path = reverse(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_changelist")
                query = urlencode({f"{relation.field.name}__{self.opts.pk.name}__exact": instance.pk})
                links.append((f"{path}?{query}", opts.verbose_name_plural, relation.field.verbose_name))
        return format_html_join(" · ", '<a href="{}">{} ({})</a>', links) or SafeString("-")


class ConfigAdmin(ResourceAdmin):
    """Admin of a short list, such as statuses, types or roles. Foreign keys to the model use a select box."""

    group = VOCABULARIES
    search_fields: ClassVar[tuple[str, ...]] = ("name",)
    list_display = ()
    ordering = ("id",)

    @override
    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Show all fields except relations and long texts."""
        fields = (field for field in self.opts.fields if not isinstance(field, models.TextField))
        pictures = ("picture",) if has_picture(self.model) else ()
        return (*pictures, *(field.name for field in fields if not field.is_relation))


def _with_save_anyway(fieldsets: Any) -> Any:
    """Add the checkbox to the first section."""
    (title, options), *others = fieldsets
    return ((title, {**options, "fields": (*options["fields"], SAVE_ANYWAY)}), *others)


def _prefixed(field: Any) -> Iterator[str]:
    """The lookup paths of the relations that the name of a related object contains."""
    return (f"{field.name}__{path}" for path in name_relations(field.related_model))
