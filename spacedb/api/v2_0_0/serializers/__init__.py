"""Serializers of Launch Library 2.0.0, by topic, as differences from 2.1.0."""

from spacedb.api.v2_0_0.serializers import launches
from spacedb.serializers.derived import DerivedVersion

DERIVED = DerivedVersion("2.0.0", launches.CHANGES)
