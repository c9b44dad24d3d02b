"""Snapshots in JSON files, one for each response, with the keys in the order of the response."""

import json
from pathlib import Path
from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex
from typing_extensions import override


class JSONFileExtension(SingleFileSnapshotExtension):
    """Stores the snapshot named "2.3.0/agencies" in `__snapshots__/2.3.0/agencies.json`, beside the test module."""

    _write_mode = WriteMode.TEXT
    file_extension = "json"

    @override
    def serialize(self, data: Any, **options: Any) -> str:
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    @override
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / cls.snapshot_dirname)

    @classmethod
    @override
    def get_file_basename(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        return str(index)

    @classmethod
    @override
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index).rpartition("/")[2]

    @classmethod
    @override
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        return Path(snapshot_location).is_relative_to(cls.dirname(test_location=test_location))
