"""The number of queries of the forms of the admin does not depend on the number of rows."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.db.models import F
from django.forms.models import _get_foreign_key
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import AstronautFlight
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.models import name_relations
from tests.admin_forms import admin_url, load, submit
from tests.catalogue.test_admin import ADMINS, MODELS, admin_user

__all__ = ["admin_user"]

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral, pytest.mark.dataset("starter and examples")]


@pytest.mark.parametrize("page", [page for page in ADMINS if page.inlines], ids=lambda page: page.opts.label)
def test_rows_of_a_form(admin_client: Client, page: ResourceAdmin) -> None:
    """Showing and submitting an object takes as many queries with six rows of each kind as with one."""
    shown, other = page.model._base_manager.order_by("-pk")[:2]
    url = admin_url(page.model, "change", shown.pk)
    admin_client.get(url)  # fills the caches of Django
    AstronautFlight.objects.update(number=F("pk"))  # which is unique in every crew
    counts = []
    for number in (1, 6):
        for inline in (inline(page.model, admin.site) for inline in page.inlines):
            move_rows(inline, number, shown, other)
        with CaptureQueriesContext(connection) as showing:
            data = load(admin_client, url)
        with CaptureQueriesContext(connection) as submitting:
            submit(admin_client, url, data)
        counts.append((len(showing), len(submitting)))
    assert counts[0] == counts[1]


def move_rows(inline: Any, number: int, shown: models.Model, other: models.Model) -> None:
    """Move this number of rows to the first object, and the rest to the other."""
    parent = _get_foreign_key(inline.parent_model, inline.model, fk_name=inline.fk_name).name
    pks = list(inline.model._base_manager.exclude(**{parent: None}).order_by("-pk").values_list("pk", flat=True))
    assert len(pks) > 1
    inline.model._base_manager.filter(pk__in=pks).update(**{parent: other})
    inline.model._base_manager.filter(pk__in=pks[:number]).update(**{parent: shown})


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
