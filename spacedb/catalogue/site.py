"""The admin site. It checks the input of all its pages, where Django's own would fail with an error 500."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import BadRequest, EmptyResultSet, FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst, slugify
from typing_extensions import override

from spacedb.catalogue.models import name_relations
from spacedb.catalogue.search import SearchForm
from spacedb.catalogue.widgets import CheckedAutocompleteSelect, CheckedAutocompleteSelectMultiple


class CheckedChangeList(ChangeList):
    """A change list that accepts only the parameters of its own links.

    These are those of its filters and of its date hierarchy, and the ids in links from related objects. If such an id
    restricts the list, the title names the object. Values that no field can have are ignored with a message. Other
    lookups could take any amount of time: SQLite evaluates regular expressions in Python.
    """

    search_form_class = SearchForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if names := list(self._get_related_names()):
            self.title = f"{capfirst(self.opts.verbose_name_plural)} of {' and '.join(names)}"

    @cached_property
    def _related_models(self) -> dict[str, Any]:
        """The models that objects refer to, by the parameters of links, such as `spacecraft__id__exact`."""
        fields: Any = (*self.opts.fields, *self.opts.many_to_many)
        relations = [(field.name, field.related_model) for field in fields if field.is_relation]
        return {f"{name}__{model._meta.pk.name}__exact": model for name, model in relations}

    def _get_related_names(self) -> Iterator[str]:
        """The names of the objects to which the URL restricts the list."""
        for name, [value] in self.get_filters_params().items():
            if related := self._related_models.get(name):
                paths = list(name_relations(related))
                rows = related._base_manager.select_related(*paths) if paths else related._base_manager.all()
                yield from map(str, rows.filter(pk=value))

    @override
    def get_filters(self, request: HttpRequest) -> Any:
        requested = self.get_filters_params()
        if any(len(values) > 1 for values in requested.values()):
            raise IncorrectLookupParameters
        try:
            filters, has_filters, lookups, *others = super().get_filters(request)
        except (OverflowError, ValueError) as error:  # The date hierarchy ends before the year 10000.
            raise IncorrectLookupParameters(error) from error
        applied = {name for each in filters for name in each.expected_parameters()}
        for name, value in requested.items():
            if name in self._related_models and name not in applied:
                lookups[name] = value  # Django ignores it if the filter has one choice only, and so is hidden.
            elif name in lookups:
                raise DisallowedModelAdminLookup(f"Filtering by {name} is not allowed.")
        return filters, has_filters, lookups, *others

    @override
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> models.QuerySet[Any]:
        queryset = super().get_queryset(request, exclude_parameters)
        try:
            queryset.query.get_compiler(queryset.db).as_sql()
        except EmptyResultSet:
            pass
        except (AttributeError, TypeError, ValueError, ValidationError) as error:
            raise IncorrectLookupParameters(error) from error
        return queryset


class CheckedWidgetsMixin(BaseModelAdmin):  # type: ignore[type-arg]
    """Mixin of admins and inlines whose inputs show any value that was submitted."""

    @override
    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet[Any] | None:
        """The related objects, with the objects that their names contain."""
        queryset = super().get_field_queryset(db, db_field, request)
        if paths := list(name_relations(db_field.related_model)):
            queryset = db_field.related_model._default_manager.using(db) if queryset is None else queryset
            return queryset.select_related(*paths)
        return queryset

    @override
    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = CheckedAutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @override
    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = CheckedAutocompleteSelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class CheckedAdmin(CheckedWidgetsMixin, ModelAdmin):  # type: ignore[type-arg]
    """Mixin of every admin on the site."""

    @override
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CheckedChangeList

    @override
    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Only fields with a column are allowed. Django's own method fails for the other side of a relation."""
        is_column = any(to_field in (field.name, field.attname) for field in self.opts.concrete_fields)
        return is_column and super().to_field_allowed(request, to_field)

    @override
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The initial values in the URL of an add form, without those that their fields cannot have."""
        initial: dict[str, Any] = {}
        for name, value in super().get_changeform_initial_data(request).items():
            try:
                initial[name] = _to_python(self.opts.get_field(name), value)
            except FieldDoesNotExist:
                initial[name] = value  # of a field that only the form has
            except ValidationError:
                continue
        return initial

    @override
    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(value)
            except ValidationError:
                self.message_user(request, f"“{value}” is not an id. Nothing has been changed.", messages.ERROR)
                return None
        return super().response_action(request, queryset, *args, **kwargs)


def _to_python(field: Any, value: Any) -> Any:
    """Convert an initial value. Raises `ValidationError`."""
    if isinstance(field, ForeignObjectRel):
        raise ValidationError("The form has no field for this relation.")
    if isinstance(value, list):  # ids
        return [field.target_field.to_python(each) for each in value]
    return field.to_python(value)


class AutocompleteView(AutocompleteJsonView):
    """The objects that a foreign key or a many-to-many field can refer to."""

    @override
    def process_request(self, request: HttpRequest) -> Any:
        term, model_admin, source_field, to_field_name = super().process_request(request)
        if isinstance(source_field, ForeignObjectRel):  # the other side of a relation is not a form field
            raise PermissionDenied
        if errors := SearchForm({SEARCH_VAR: term}).errors:
            raise BadRequest(" ".join(map(str, errors[SEARCH_VAR])))
        return term, model_admin, source_field, to_field_name


OTHER_GROUPS = VOCABULARIES, ACCOUNTS = "Vocabularies", "Accounts"
"""The last groups of the index: of short lists, and of models that are not part of the catalogue."""


class Site(AdminSite):
    """The admin site. Every admin that is registered on it becomes a `CheckedAdmin`."""

    site_header = site_title = "spacedb"
    index_title = "Catalogue"

    groups: Mapping[str, Sequence[type[models.Model]]] = {}
    """The models in each group of the index. `other_group()` returns the group of all others."""

    api_urls: ClassVar[Callable[[models.Model], Mapping[str, str]]] = staticmethod(lambda instance: {})
    """Returns the URLs of an object in the API, by the number of the version."""

    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        admin_class = admin_class or ModelAdmin
        checked = type(admin_class.__name__, (CheckedAdmin, admin_class), {"__module__": admin_class.__module__})
        super().register(model_or_iterable, checked, **options)

    @override
    def autocomplete_view(self, request: HttpRequest) -> Any:
        return AutocompleteView.as_view(admin_site=self)(request)

    @override
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The groups of the index, in place of Django apps. The page of an app lists the models of that app."""
        return super().get_app_list(request, app_label) if app_label else list(self._get_groups(request))

    def _get_groups(self, request: HttpRequest) -> Iterator[dict[str, Any]]:
        shown = {model["model"]: model for app in super().get_app_list(request) for model in app["models"]}
        groups = {
            name: [shown.pop(model) for model in models if model in shown] for name, models in self.groups.items()
        }
        others: dict[str, Any] = {name: [] for name in OTHER_GROUPS}
        for model in sorted(shown.values(), key=lambda model: model["name"]):
            others[self.other_group(model["model"])].append(model)
        for name, models_of_group in (groups | others).items():
            if models_of_group:
                slug = slugify(name)
                url = reverse("admin:group", args=[slug], current_app=self.name)
                yield {
                    "name": name,
                    "app_label": slug,
                    "app_url": url,
                    "has_module_perms": True,
                    "models": models_of_group,
                }

    def other_group(self, model: type[models.Model]) -> str:
        """The group of a model that `groups` does not contain."""
        return getattr(self.get_model_admin(model), "group", ACCOUNTS)

    @override
    def get_urls(self) -> list[Any]:
        return [path("groups/<slug:group>/", self.admin_view(self.group_view), name="group"), *super().get_urls()]

    def group_view(self, request: HttpRequest, group: str) -> HttpResponse:
        """The models of one group."""
        groups = [each for each in self.get_app_list(request) if each["app_label"] == group]
        if not groups:
            raise Http404
        context = {**self.each_context(request), "title": groups[0]["name"], "app_list": groups, "app_label": group}
        return TemplateResponse(request, "admin/app_index.html", context)
