"""The ordered keys of all serializers of the older versions, in one snapshot for each version.

Run `pytest tests/serializers --snapshot-update` after an intended change.
"""

import pytest
from syrupy.assertion import SnapshotAssertion

from spacedb.rendering.plan import nested_serializers
from spacedb.rest.versions import versions
from spacedb.serializers.describe import describe
from tests.endpoints import resource_endpoints
from tests.snapshots import JSONFileExtension

DERIVED = list(versions())[1:]
"""All versions except the newest, whose serializers are not derived."""


pytestmark = pytest.mark.vendor_neutral


@pytest.mark.parametrize("version", DERIVED)
def test_keys(snapshot: SnapshotAssertion, version: str) -> None:
    roots = {
        serializer
        for path, view in resource_endpoints().items()
        if path.startswith(f"/{version}/")
        for serializer in (*view.modes.values(), view.serializer_for(view.detail_mode))
    }
    serializers = {serializer for root in roots for serializer in nested_serializers(root)}
    keys: dict[str, list[str]] = {}
    for serializer in sorted(serializers, key=lambda serializer: serializer.__name__):
        own = [spec.key for spec in describe(serializer)]
        assert keys.setdefault(serializer.__name__, own) == own, "two serializers have the same name"
    assert keys == snapshot(name=f"keys-{version}", extension_class=JSONFileExtension)
