"""The number of queries of the forms of the admin does not depend on the number of rows."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.models import F
from django.forms.models import _get_foreign_key
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import AstronautFlight
from spacedb.catalogue.models import name_relations
from tests.admin_forms import admin_url, load, submit
from tests.catalogue.test_admin import INLINES, MODELS, admin_user

__all__ = ["admin_user"]

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral, pytest.mark.dataset("starter and examples")]


@pytest.mark.parametrize(
    "inline", INLINES, ids=lambda inline: f"{type(inline).__name__} of {inline.parent_model._meta.label}"
)
def test_rows_of_a_form(admin_client: Client, inline: Any) -> None:
    """All rows of the examples are moved to one object. Showing and submitting it takes as many queries as one row."""
    parent = _get_foreign_key(inline.parent_model, inline.model, fk_name=inline.fk_name).name
    rows = inline.model._base_manager.filter(**{f"{parent}__isnull": False})
    if inline.model is AstronautFlight:
        rows.update(number=F("pk"))
    pks = list(rows.order_by("-pk").values_list("pk", flat=True))
    rows = inline.model._base_manager.filter(pk__in=pks)
    shown, other = inline.parent_model._base_manager.order_by("-pk")[:2]
    url = admin_url(inline.parent_model, "change", shown.pk)
    admin_client.get(url)  # fills the caches of Django
    counts = []
    for number in (1, len(pks)):
        rows.update(**{parent: other})
        rows.filter(pk__in=pks[:number]).update(**{parent: shown})
        with CaptureQueriesContext(connection) as showing:
            data = load(admin_client, url)
        with CaptureQueriesContext(connection) as submitting:
            submit(admin_client, url, data)
        counts.append((len(showing), len(submitting)))
    assert len(pks) > 1
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_names_of_objects(model: type[models.Model]) -> None:
    """The name of an object needs no query if the relations that the model declares are loaded."""
    paths = list(name_relations(model))
    rows = model._base_manager.select_related(*paths) if paths else model._base_manager.all()
    instances = list(rows)
    with CaptureQueriesContext(connection) as queries:
        names = list(map(str, instances))
    assert names
    assert len(queries) == 0
