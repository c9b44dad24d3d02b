"""Filters of launches in Launch Library 2.2.0."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from flights.models import Launch, LaunchStatus
from spacedb.api.v2_3_0.filters import launches as v2_3_0
from spacedb.rest.filters import BooleanFilter, CommaSeparatedIntegerFilter, IntegerFilter, RelatedField, RelatedFilter


class StatusField(RelatedField):
    """The id of a status that a launch can be shown with: In Flight stands for Payload Deployed."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            deployed = LaunchStatus.objects.filter(pk=LaunchStatus.PAYLOAD_DEPLOYED)
            if str(value).strip() != str(LaunchStatus.IN_FLIGHT) or not deployed.exists():
                raise
            return LaunchStatus(pk=LaunchStatus.IN_FLIGHT)


class StatusFilter(RelatedFilter):
    field_class = StatusField


class LaunchFilterSet(v2_3_0.LaunchFilterSet):
    """Places and providers find launches that any of them fits, or with `strict_filtering` all of them."""

    excluded = (
        "day",
        "launch_designator",
        "mission__orbit__celestial_body",
        "month",
        "pad__location__celestial_body",
        "related_lsp",
        "video_url",
        "year",
    )

    location__ids = CommaSeparatedIntegerFilter(method="together", label="Location IDs")
    lsp__id = IntegerFilter(method="together", label="Launch service provider")
    lsp__ids = CommaSeparatedIntegerFilter(method="together", label="Launch service provider IDs")
    pad__ids = CommaSeparatedIntegerFilter(method="together", label="Pad IDs")
    related = BooleanFilter(
        method="together", label="Related", help_text="With lsp__id or lsp__ids: agencies that are part of these, too."
    )
    status = StatusFilter(
        method="by_status", queryset=LaunchStatus.objects.filter(pk__gte=0).exclude(pk=LaunchStatus.PAYLOAD_DEPLOYED)
    )
    status__ids = CommaSeparatedIntegerFilter(method="by_statuses", label="Status IDs")
    strict_filtering = BooleanFilter(
        method="together", label="Strict filtering", help_text="Location, pad and provider all have to fit, not any."
    )

    class Meta(v2_3_0.LaunchFilterSet.Meta):
        fields = v2_3_0.LaunchFilterSet.Meta.fields | {"r_spacex_api_id": ("exact",)}

    def together(self, queryset: QuerySet[Launch], name: str, value: Any) -> QuerySet[Launch]:
        return queryset

    def filter_queryset(self, queryset: QuerySet[Launch]) -> QuerySet[Launch]:
        asked = self.form.cleaned_data
        providers = [asked.get("lsp__id"), *(asked.get("lsp__ids") or ())]
        paths = {
            "pad__location": asked.get("location__ids") or (),
            "pad": asked.get("pad__ids") or (),
            "launch_service_provider": providers,
            "launch_service_provider__parent": providers if asked.get("related") else (),
        }
        wanted = {path: [pk for pk in ids if pk is not None] for path, ids in paths.items()}
        found = [Q(**{f"{path}__in": ids}) for path, ids in wanted.items() if ids]
        if asked.get("related") and wanted["launch_service_provider"]:
            found[-2:] = [found[-2] | found[-1]]
        queryset = super().filter_queryset(queryset)
        return queryset.filter(reduce(and_ if asked.get("strict_filtering") else or_, found)) if found else queryset

    def by_status(self, queryset: QuerySet[Launch], name: str, value: LaunchStatus) -> QuerySet[Launch]:
        return self.by_statuses(queryset, name, [value.pk])

    def by_statuses(self, queryset: QuerySet[Launch], name: str, value: list[int | None]) -> QuerySet[Launch]:
        """Payload Deployed is shown as In Flight."""
        wanted = [pk for pk in value if pk not in (None, LaunchStatus.PAYLOAD_DEPLOYED)]
        more = [LaunchStatus.PAYLOAD_DEPLOYED] if LaunchStatus.IN_FLIGHT in wanted else []
        return queryset.filter(status__in=[*wanted, *more]) if value else queryset


class UpcomingLaunchFilterSet(LaunchFilterSet, v2_3_0.UpcomingLaunchFilterSet):
    """The same of those to come."""
