"""The admin site. It checks the input of all its pages, where Django's own would fail with an error 500."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import HttpRequest, HttpResponse
from typing_extensions import override


class CheckedChangeList(ChangeList):
    """A change list whose filters may have values that the database cannot compare."""

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


class CheckedOptionsMixin(AutocompleteMixin):
    """The selected options of an autocompletion, without values that are not ids."""

    field: Any

    @override
    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if not each or self._is_id(each)], attrs)

    def _is_id(self, value: str) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True


class CheckedAutocompleteSelect(CheckedOptionsMixin, AutocompleteSelect):
    """The input of a foreign key with autocompletion."""


class CheckedAutocompleteSelectMultiple(CheckedOptionsMixin, AutocompleteSelectMultiple):
    """The input of a many-to-many field with autocompletion."""


class CheckedWidgetsMixin(BaseModelAdmin):  # type: ignore[type-arg]
    """Mixin of admins and inlines whose inputs show any value that was submitted."""

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
        return term, model_admin, source_field, to_field_name


class Site(AdminSite):
    """The admin site. Every admin that is registered on it becomes a `CheckedAdmin`."""

    site_header = site_title = "spacedb"
    index_title = "Catalogue"

    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        admin_class = admin_class or ModelAdmin
        checked = type(admin_class.__name__, (CheckedAdmin, admin_class), {"__module__": admin_class.__module__})
        super().register(model_or_iterable, checked, **options)

    @override
    def autocomplete_view(self, request: HttpRequest) -> Any:
        return AutocompleteView.as_view(admin_site=self)(request)
