"""The base of every admin page: what editors see and change of a resource, beside what the API tells.

An admin declares what its list shows, searches and filters; the rest follows from the model. Editing one field
leaves all others as Launch Library told them: see `EditForm`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from spacedb.catalogue.models import Resource

admin.site.site_header = admin.site.site_title = "spacedb"
admin.site.index_title = "Catalogue"


class UnchangedCharField(forms.CharField):
    """A text; one that comes back as it was shown is unchanged, whatever line ends the browser sends."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _lines(initial) != _lines(data)


class UnchangedURLField(UnchangedCharField, forms.URLField):
    """The address of a page or a picture."""


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


class PartialModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that writes what was edited and nothing else.

    Left alone, a value that a form cannot show as it is (null beside an empty text, a blank at the end,
    microseconds) would be lost on saving, and the API would then tell something that upstream never said.
    """

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for field in self.instance._meta.concrete_fields:
            if field.name in cleaned and field.name not in self.changed_data and not field.is_relation:
                cleaned[field.name] = getattr(self.instance, field.name)
        return cleaned


class ResourceAdminMixin(BaseModelAdmin):  # type: ignore[type-arg]
    """What the page of an object and the rows within it have in common.

    Related objects are found by typing, but for those out of a short table, which are picked from a menu.
    """

    form: Any = PartialModelForm
    formfield_overrides: ClassVar = {
        models.CharField: {"form_class": UnchangedCharField},
        models.TextField: {"form_class": UnchangedCharField},
        models.SlugField: {},  # a CharField too, but with a form field of its own
        models.URLField: {"form_class": UnchangedURLField, "assume_scheme": "https", "widget": AdminURLFieldWidget},
    }

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        relations = (field for field in (*self.opts.fields, *self.opts.many_to_many) if field.is_relation)
        return [field.name for field in relations if not self._is_short(field.related_model)]

    def _is_short(self, model: Any) -> bool:
        return self.admin_site.is_registered(model) and isinstance(self.admin_site.get_model_admin(model), ConfigAdmin)


class ResourceInline(ResourceAdminMixin, admin.TabularInline):  # type: ignore[type-arg]
    """Objects that are nothing without the one on whose page they are: an image's variants, a flight's crew."""

    extra = 0


class PlaceholderFilter(admin.SimpleListFilter):
    """Objects that a document named without numbering them, or all others."""

    title = "provisional"
    parameter_name = "provisional"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.filter(pk__lt=0)
            case "no":
                return queryset.filter(pk__gte=0)
            case _:
                return queryset


class ResourceAdmin(ResourceAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Objects that Launch Library numbers: their id is shown and searched for, and never edited.

    What the list shows of related objects is joined, so that its queries do not grow with its rows;
    `list_select_related` names what only the names of objects are made of.
    """

    list_select_related: ClassVar[tuple[str, ...]] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("id", *self.list_display)

    def get_list_display_links(self, request: HttpRequest, list_display: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(list_display[:2])

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        return (*self.list_filter, PlaceholderFilter) if issubclass(self.model, Resource) else tuple(self.list_filter)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.search_fields, "id__exact" if issubclass(self.model, Resource) else "=id")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """By name where there are names, else the newest first."""
        named = any(field.name == "name" for field in self.opts.fields)
        return tuple(self.ordering or (("name", "id") if named else ("-id",)))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Joined here and not in the list alone: autocompletion shows the same names."""
        joined = (*self.list_select_related, *self._joins())
        rows = super().get_queryset(request)
        return rows.select_related(*joined) if joined else rows

    def _joins(self) -> Iterator[str]:
        """The relations that the columns of the list lead along."""
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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("id", "named_by", *self.readonly_fields) if obj else tuple(self.readonly_fields)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """An object that is there already is headed by its id, and by the way to what refers to it."""
        fields = [name for name in self.get_fields(request, obj) if name not in ("id", "named_by")]
        declared = self.fieldsets or ((None, {"fields": fields}),)
        return ((None, {"fields": ("id", "named_by")}), *declared) if obj else declared

    @admin.display(description="Referred to by")
    def named_by(self, instance: models.Model) -> SafeString:
        """Links to the lists of objects that refer to this one: a spacecraft's flights."""
        links = []
        for relation in self.opts.get_fields(include_hidden=True):
            if not isinstance(relation, ForeignObjectRel):
                continue
            other = relation.related_model._meta
            if self.admin_site.is_registered(other.model):
                path = reverse(f"{self.admin_site.name}:{other.app_label}_{other.model_name}_changelist")
                query = urlencode({f"{relation.field.name}__{self.opts.pk.name}__exact": instance.pk})
                links.append((f"{path}?{query}", other.verbose_name_plural, relation.field.verbose_name))
        return format_html_join(" · ", '<a href="{}">{} ({})</a>', links) or SafeString("-")


class ConfigAdmin(ResourceAdmin):
    """A short list of Launch Library's: the statuses, the types, the roles."""

    search_fields: ClassVar[tuple[str, ...]] = ("name",)
    list_display = ()
    ordering = ("id",)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """All that fits into a line."""
        fields = (field for field in self.opts.fields if not isinstance(field, models.TextField))
        return tuple(field.name for field in fields if not field.is_relation)
