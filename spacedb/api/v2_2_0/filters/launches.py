"""Filters of launches in Launch Library 2.2.0."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from typing_extensions import override

from flights.models import Launch, LaunchStatus
from spacedb.api.v2_3_0.filters import launches as v2_3_0
from spacedb.rest.filters import BooleanFilter, CommaSeparatedIntegerFilter, IdFilter, RelatedField, RelatedFilter


class StatusField(RelatedField):
    """The ids of statuses of version 2.2.0. "In Flight" also exists if only "Payload Deployed" is stored."""

    @override
    def objects_by_id(self, ids: Iterable[Any]) -> dict[Any, Any]:
        requested = set(ids)
        objects = super().objects_by_id(requested)
        payload_deployed = LaunchStatus.objects.filter(pk=LaunchStatus.PAYLOAD_DEPLOYED)
        if LaunchStatus.IN_FLIGHT in requested - objects.keys() and payload_deployed.exists():
            objects[LaunchStatus.IN_FLIGHT] = LaunchStatus(pk=LaunchStatus.IN_FLIGHT)
        return objects


class StatusFilter(RelatedFilter):
    field_class = StatusField


class LaunchFilterSet(v2_3_0.LaunchFilterSet):
    """Combines the filters by location, pad and launch service provider.

    A launch matches if one of these filters matches, or with `strict_filtering` if all of them match.
    """

    excluded: ClassVar[Sequence[str]] = (
        "day",
        "launch_designator",
        "mission__agency",
        "mission__orbit__celestial_body",
        "month",
        "pad__location__celestial_body",
        "related_lsp",
        "video_url",
        "year",
    )

    location__ids = CommaSeparatedIntegerFilter(
        field_name="pad__location", method="filter_combined", label="Location IDs"
    )
    lsp__id = IdFilter(field_name="launch_service_provider", method="filter_combined", label="Launch service provider")
    lsp__ids = CommaSeparatedIntegerFilter(
        field_name="launch_service_provider", method="filter_combined", label="Launch service provider IDs"
    )
    pad__ids = CommaSeparatedIntegerFilter(field_name="pad", method="filter_combined", label="Pad IDs")
    related = BooleanFilter(
        method="filter_combined",
        label="Related",
        help_text="Makes lsp__id and lsp__ids include agencies whose parent is one of these.",
    )
    status = StatusFilter(
        method="filter_status",
        queryset=LaunchStatus.objects.filter(pk__gte=0).exclude(pk=LaunchStatus.PAYLOAD_DEPLOYED),
    )
    status__ids = CommaSeparatedIntegerFilter(field_name="status", method="filter_status_ids", label="Status IDs")
    strict_filtering = BooleanFilter(
        method="filter_combined",
        label="Strict filtering",
        help_text="Requires location, pad and provider to match, not only one of them.",
    )

    class Meta(v2_3_0.LaunchFilterSet.Meta):
        fields = v2_3_0.LaunchFilterSet.Meta.fields | {"r_spacex_api_id": ("exact",)}

    def filter_combined(self, queryset: QuerySet[Launch], name: str, value: Any) -> QuerySet[Launch]:
        """Do nothing; `filter_queryset` combines these filters."""
        return queryset

    @override
    def filter_queryset(self, queryset: QuerySet[Launch]) -> QuerySet[Launch]:
        queryset = super().filter_queryset(queryset)
        data = self.form.cleaned_data
        conditions = [
            Q(**{f"{path}__in": data[name]})
            for path, name in (("pad__location", "location__ids"), ("pad", "pad__ids"))
            if data.get(name)
        ]
        providers = [*(data.get("lsp__id") or ()), *(data.get("lsp__ids") or ())]
        if providers:
            condition = Q(launch_service_provider__in=providers)
            if data.get("related"):
                condition |= Q(launch_service_provider__parent__in=providers)
            conditions.append(condition)
        if not conditions:
            return queryset
        return queryset.filter(reduce(and_ if data.get("strict_filtering") else or_, conditions))

    def filter_status(self, queryset: QuerySet[Launch], name: str, value: Iterable[LaunchStatus]) -> QuerySet[Launch]:
        return self.filter_status_ids(queryset, name, [status.pk for status in value])

    def filter_status_ids(self, queryset: QuerySet[Launch], name: str, value: list[int]) -> QuerySet[Launch]:
        """Filter by statuses. "Payload Deployed" is represented as "In Flight", and is filtered by that id."""
        if not value:
            return queryset
        ids = [pk for pk in value if pk != LaunchStatus.PAYLOAD_DEPLOYED]
        if LaunchStatus.IN_FLIGHT in ids:
            ids.append(LaunchStatus.PAYLOAD_DEPLOYED)
        return queryset.filter(status__in=ids)


class UpcomingLaunchFilterSet(LaunchFilterSet, v2_3_0.UpcomingLaunchFilterSet):
    pass
