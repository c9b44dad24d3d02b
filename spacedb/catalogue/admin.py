"""Base classes of the admin.

A subclass declares the columns, search fields and filters of its change list; the rest is derived from the model.
Saving a form changes the edited fields only: see `spacedb.catalogue.forms`.
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override

from spacedb.catalogue.forms import (
    SHOWN_VALUES,
    PartialInlineFormSet,
    PartialModelForm,
    UnchangedCharField,
    UnchangedURLField,
    WebURLWidget,
)
from spacedb.catalogue.models import Resource
from spacedb.catalogue.site import CheckedWidgetsMixin
from spacedb.catalogue.write_lock import write_transaction


class ResourceAdminMixin(CheckedWidgetsMixin):
    """Behavior that model admins and inlines share.

    Foreign keys use autocompletion, except for those to models with a `ConfigAdmin`, which use a select box.
    """

    form: Any = PartialModelForm
    formfield_overrides: ClassVar = {
        models.CharField: {"form_class": UnchangedCharField},
        models.TextField: {"form_class": UnchangedCharField},
        models.SlugField: {},  # a subclass of CharField that keeps its own form field
        models.URLField: {"form_class": UnchangedURLField, "assume_scheme": "https", "widget": WebURLWidget},
    }

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

    @override
    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("id", *self.list_display)

    @override
    def get_list_display_links(self, request: HttpRequest, list_display: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(list_display[:2])

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
        relations = (*self.list_select_related, *self._get_displayed_relations())
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

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("id", "referring_objects", *self.readonly_fields) if obj else tuple(self.readonly_fields)

    @override
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put the id and the links to referring objects first, if the object is already saved."""
        special = ("id", "referring_objects", SHOWN_VALUES)
        fields = [name for name in self.get_fields(request, obj) if name not in special]
        declared = self.fieldsets or ((None, {"fields": fields}),)
        if not obj:
            return declared
        first = special if self.has_change_permission(request, obj) else special[:2]
        return ((None, {"fields": first}), *declared)

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

    search_fields: ClassVar[tuple[str, ...]] = ("name",)
    list_display = ()
    ordering = ("id",)

    @override
    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Show all fields except relations and long texts."""
        fields = (field for field in self.opts.fields if not isinstance(field, models.TextField))
        return tuple(field.name for field in fields if not field.is_relation)
