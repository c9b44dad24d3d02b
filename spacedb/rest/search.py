"""The `search` parameter."""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.filters import SearchFilter as DRFSearchFilter
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from spacedb.catalogue.search import MAX_SEARCH_LENGTH, MAX_SEARCH_TERMS, TOO_MANY_TERMS
from spacedb.rest.ordering import fields_on_path, spans_to_many


class SearchFilter(DRFSearchFilter):
    """Searches the view's `search_fields`. Each term must occur in one of them.

    It finds the same objects as DRF's own filter, which joins all searched tables to each object, and compares the
    terms with each row of the join. Here each related table is searched once, by a subquery.
    """

    @override
    def get_search_terms(self, request: Request) -> list[str]:
        search = request.query_params.get(self.search_param, "")
        if "\x00" in search:
            raise ValidationError({self.search_param: ["Null characters are not allowed."]})
        if len(search) > MAX_SEARCH_LENGTH:
            raise ValidationError({self.search_param: [f"Ensure this has at most {MAX_SEARCH_LENGTH} characters."]})
        terms = list(dict.fromkeys(super().get_search_terms(request)))
        if len(terms) > MAX_SEARCH_TERMS:
            raise ValidationError({self.search_param: [TOO_MANY_TERMS]})
        return terms

    @override
    def get_search_fields(self, view: Any, request: Request) -> Sequence[str]:
        return [view.lookup_of(name) for name in view.search_fields]

    @override
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        fields = self.get_search_fields(view, request)
        terms = self.get_search_terms(request)
        if not fields or not terms:
            return queryset
        model = queryset.model
        lookups = [self.construct_search(field, queryset) for field in fields]
        queryset = queryset.filter(*(contains(model, lookups, term) for term in terms))
        to_one = [lookup for lookup in lookups if not spans_to_many(model, lookup)]
        if len(terms) > 1 and len(to_one) < len(lookups):
            # One related object of a list must contain all the terms that no other field contains.
            without_lists = reduce(and_, (contains(model, to_one, term) for term in terms))
            joined = model._base_manager.filter(*(contains(model, lookups, term, join_lists=True) for term in terms))
            return queryset.filter(without_lists | Exists(joined.filter(pk=OuterRef("pk")).order_by()))
        return queryset


def contains(model: type[Model], lookups: Sequence[str], term: str, *, join_lists: bool = False) -> Q:
    """The condition that one of the lookups, such as `pad__name__icontains`, is true for an object of the model.

    If `join_lists` is true, to-many relations are joined: all conditions in one `filter()` apply to the same related
    object, and the object occurs once for each of those. Otherwise it occurs once.
    """
    condition = Q(pk__in=[])
    relations: dict[str, list[str]] = {}
    for lookup in lookups:
        names, fields = lookup.split("__"), fields_on_path(model, lookup)
        joins = [number for number, field in enumerate(fields, 1) if field.one_to_many or field.many_to_many]
        start = joins[-1] if join_lists and joins else 0
        if fields[start].is_relation:
            relations.setdefault("__".join(names[: start + 1]), []).append("__".join(names[start + 1 :]))
        else:
            condition |= Q((lookup, term))
    for path, related_lookups in relations.items():
        *joined, field = fields_on_path(model, path)
        related = field.related_model._base_manager.filter(contains(field.related_model, related_lookups, term))
        if joined or field.many_to_one or (field.one_to_one and field.concrete):
            condition |= Q((f"{path}__in", related.order_by().values("pk")))
        elif field.many_to_many:
            objects = model._base_manager.filter(**{f"{path}__in": related.order_by().values("pk")})
            condition |= Q(pk__in=objects.order_by().values("pk"))
        else:
            column = field.remote_field.attname
            related = related.filter(**{f"{column}__isnull": False})
            condition |= Q(pk__in=related.order_by().values(column))
    return condition
