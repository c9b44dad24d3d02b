"""A source that changes as Launch Library does: objects with relations, from which the pages are rendered.

About ten launches a day change. Most changes raise `last_updated`; some do not. Objects appear and disappear.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from django.test import Client
from typing_extensions import override

from spacedb.mirror.collections import Collection, collections
from tests.mirror.fake_source import ROOT, FakeSource

Row: TypeAlias = dict[str, Any]

SIZES = {
    "agencies": 27,
    "astronauts": 62,
    "celestial_bodies": 5,
    "docking_events": 27,
    "events": 90,
    "expeditions": 10,
    "landings": 19,
    "launcher_configuration_families": 10,
    "launcher_configurations": 19,
    "launchers": 10,
    "launches": 675,
    "locations": 8,
    "mission_patches": 10,
    "pads": 18,
    "payload_flights": 10,
    "payloads": 10,
    "programs": 4,
    "space_stations": 3,
    "spacecraft": 60,
    "spacecraft_configuration_families": 10,
    "spacecraft_configurations": 10,
    "spacecraft_flights": 90,
    "spacewalks": 10,
    "updates": 10,
}
"""A tenth of the objects of Launch Library. With ten objects on a page instead of a hundred, the pages are as many."""

NAME_KEYS = {
    "config/astronaut_roles": "role",
    "config/timeline_event_types": "abbrev",
    "landings": "description",
    "payload_flights": "destination",
    "updates": "comment",
}
"""The field with the name of an object, if it has another name."""
WITHOUT_URL = (
    "celestial_bodies",
    "launcher_configuration_families",
    "mission_patches",
    "payloads",
    "spacecraft_configuration_families",
    "updates",
)
ID_BASE = uuid.UUID("00000000-0000-4000-8000-000000000000").int


@dataclass
class SimulatedSource(FakeSource):
    """Serves the objects in `records`, by endpoint and id, with the filters and orders that the mirror uses."""

    random: Random = field(default_factory=lambda: Random(1))
    scale: float = 1.0
    """The fraction of `SIZES`."""
    records: dict[str, dict[Any, Row]] = field(default_factory=dict)
    ignores_filters: bool = False
    """Whether filters are ignored, as if the source did not have them."""

    def __post_init__(self) -> None:
        for collection in collections():
            if not collection.is_single:
                size = 3 if collection.name.startswith("config/") else SIZES[collection.name]
                for number in range(1, max(3, round(size * self.scale)) + 1):
                    self._create(collection.name, number)

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.clock(), dt.UTC)

    def launches(self) -> list[Row]:
        """The launches in the order of their last change."""
        return sorted(self.records["launches"].values(), key=lambda row: row["last_updated"])

    # --- Changes ------------------------------------------------------------------------------------------------------

    def _create(self, name: str, number: int) -> Any:
        pk = str(uuid.UUID(int=ID_BASE + self.random.getrandbits(60))) if name == "launches" else number
        row: Row = {"id": pk, "name": f"{name} {number}"}
        if name == "launches":
            net = self.now + dt.timedelta(days=self.random.uniform(-4000, 300))
            updated = min(net, self.now - dt.timedelta(hours=self.random.uniform(1, 2000)))
            row |= {"net": net, "last_updated": updated, "status": 3 if net < self.now else 1, "number": number}
            row |= {"pad": self._choose("pads")} if self.records.get("pads") else {}
        if name == "events":
            row |= {"last_updated": self.now - dt.timedelta(hours=self.random.uniform(1, 20_000))}
        if name == "spacecraft":
            row |= {"in_space": number <= 6, "description": "New"}
        if name == "astronauts":
            row |= {"in_space": number <= 4}
        if name == "spacecraft_flights":
            row |= {"launch": self._choose("launches"), "spacecraft": self._choose("spacecraft"), "crew": []}
            row |= {"mission_end": None if number % 20 == 0 else self.now - dt.timedelta(days=number)}
        if name == "docking_events":
            row |= {"docking": self.now - dt.timedelta(days=300 - number)}
            row |= {"departure": None if number > 20 else self.now}
        self.records.setdefault(name, {})[pk] = row
        return pk

    def _choose(self, name: str, condition: Callable[[Row], bool] = lambda row: True) -> Any:
        """The id of a random object; None if there is none."""
        ids = [pk for pk, row in self.records[name].items() if condition(row)]
        return self.random.choice(ids) if ids else None

    def evolve(self, days: float) -> None:
        """Change objects as in this time."""
        for change, per_day in (
            (self._change_launch, 10.0),
            (self._change_event, 1.0),
            (self._add_launch, 0.7),
            (self._land, 0.3),
            (self._dock, 0.5),
            (self._undock, 0.5),
            (self._change_silently, 1.0),
            (self._delete, 0.3),
        ):
            expected = per_day * days
            count = int(expected) + (self.random.random() < expected % 1)
            for _ in range(count):
                change()

    def _change_launch(self) -> None:
        """The NET of an upcoming launch moves, or it launches; its crew changes."""
        pk = self._choose("launches", lambda row: row["status"] != 3) or self._choose("launches")
        launch = self.records["launches"][pk]
        launch["last_updated"] = self.now
        if self.random.random() < 0.6:
            launch["net"] += dt.timedelta(hours=self.random.randint(-20, 100))
        else:
            launch["status"] = 3 if launch["status"] > 1 else self.random.choice((2, 3))
        for flight in self.records["spacecraft_flights"].values():
            if flight["launch"] == pk:
                self.records["spacecraft"][flight["spacecraft"]]["in_space"] = launch["status"] == 3
                flight["crew"] = sorted({self._choose("astronauts"), self._choose("astronauts")})
                for astronaut in flight["crew"]:
                    self.records["astronauts"][astronaut]["in_space"] = launch["status"] == 3

    def _land(self) -> None:
        if pk := self._choose("spacecraft_flights", lambda row: row["mission_end"] is None):
            flight = self.records["spacecraft_flights"][pk]
            flight["mission_end"] = self.now
            self.records["spacecraft"][flight["spacecraft"]]["in_space"] = False
            for astronaut in flight["crew"]:
                self.records["astronauts"][astronaut]["in_space"] = False

    def _change_event(self) -> None:
        event = self.records["events"][self._choose("events")]
        event |= {"last_updated": self.now, "name": f"Event at {self.now:%Y-%m-%d %H:%M}"}

    def _add_launch(self) -> None:
        pk = self._create("launches", self._free_number("launches"))
        self.records["launches"][pk] |= {
            "last_updated": self.now,
            "status": 1,
            "net": self.now + dt.timedelta(days=self.random.randint(1, 300)),
        }
        flight = self._create("spacecraft_flights", self._free_number("spacecraft_flights"))
        self.records["spacecraft_flights"][flight] |= {"launch": pk, "mission_end": None}

    def _dock(self) -> None:
        pk = self._create("docking_events", self._free_number("docking_events"))
        self.records["docking_events"][pk] |= {"docking": self.now, "departure": None}

    def _undock(self) -> None:
        if pk := self._choose("docking_events", lambda row: row["departure"] is None):
            self.records["docking_events"][pk]["departure"] = self.now

    def _change_silently(self) -> None:
        """An object changes, and its `last_updated`, if there is one, does not."""
        name = self.random.choice(("agencies", "pads", "spacecraft", "launches", "config/orbits", "locations"))
        self.records[name][self._choose(name)]["name"] = f"Renamed at {self.now:%Y-%m-%d %H:%M}"

    def _delete(self) -> None:
        name = self.random.choice(("updates", "landings", "launches"))
        pk = self._choose(name)
        del self.records[name][pk]
        flights = self.records["spacecraft_flights"]
        for flight in [key for key, row in flights.items() if name == "launches" and row["launch"] == pk]:
            del flights[flight]

    def _free_number(self, name: str) -> Any:
        return max(row.get("number") or row["id"] for row in self.records[name].values()) + 1

    # --- Documents ----------------------------------------------------------------------------------------------------

    @override
    def page(self, name: str, query: dict[str, str], base: str) -> dict[str, Any]:
        if name in self.single_objects:
            return super().page(name, query, base)
        rows = self._select(name.removesuffix("/upcoming"), {} if self.ignores_filters else query)
        if name.endswith("/upcoming"):
            rows = [row for row in rows if row["net"] >= self.now]
        key, sign = query.get("ordering", "name").lstrip("-"), query.get("ordering", "").startswith("-")
        rows = sorted(
            rows,
            key=lambda row: (row[key] is None, row[key] if row[key] is not None else self.now, str(row["id"])),
            reverse=sign,
        )
        offset, limit = int(query.get("offset", 0)), int(query["limit"])
        self.rows = {name: rows}
        page = super().page(name, query, base)
        documents = [self.document(name.removesuffix("/upcoming"), row) for row in rows[offset : offset + limit]]
        return page | {"results": documents}

    def _select(self, name: str, query: dict[str, str]) -> list[Row]:
        rows = list(self.records[name].values())
        if since := query.get("last_updated__gte"):
            rows = [row for row in rows if row["last_updated"] >= dt.datetime.fromisoformat(since)]
        if query.get("in_space"):
            rows = [row for row in rows if row["in_space"]]
        return rows

    def document(self, name: str, row: Row) -> Row:
        """The representation of an object, with those that it refers to."""
        document = {"id": row["id"], "name": row["name"]}
        if not name.startswith("config/") and name not in WITHOUT_URL:
            document["url"] = f"https://ll.thespacedevs.com{ROOT}{name}/{row['id']}/"
        if name == "config/countries":
            document |= {"alpha_2_code": f"A{row['id']}", "alpha_3_code": f"AA{row['id']}"}
        if name in ("spacecraft", "astronauts"):
            document |= {"in_space": row["in_space"]}
        if name == "launches":
            document |= self._launch(row) | {"response_mode": "detailed"}
            flights = [each for each in self.records["spacecraft_flights"].values() if each["launch"] == row["id"]]
            stages = [self._flight(each) for each in flights]
            document["rocket"] = {"id": row["number"], "spacecraft_stage": stages}
            document["pad"] = self._reference("pads", row["pad"])
        if name == "events":
            document |= {"last_updated": _text(row["last_updated"])}
        if name == "spacecraft_flights":
            launch = self.records["launches"][row["launch"]]
            document = document | self._flight(row)
            document["launch"] = self._reference("launches", launch["id"]) | self._launch(launch)
            del document["name"]
        if name == "docking_events":
            document |= {"docking": _text(row["docking"]), "departure": row["departure"] and _text(row["departure"])}
            del document["name"]
        if name == "launchers":
            document = {"id": row["id"], "url": document["url"], "serial_number": f"B{row['id']}"}
        if name in NAME_KEYS:
            document[NAME_KEYS[name]] = document.pop("name")
        return document

    def _reference(self, name: str, pk: Any) -> Row:
        row = self.records[name][pk]
        url = f"https://ll.thespacedevs.com{ROOT}{name}/{pk}/"
        extra = {"in_space": row["in_space"]} if name in ("spacecraft", "astronauts") else {}
        return {"id": pk, "url": url, "name": row["name"]} | extra

    def _launch(self, row: Row) -> Row:
        status = self.records["config/launch_statuses"].get(row["status"])
        assert status
        return {
            "status": {"id": status["id"], "name": status["name"]},
            "net": _text(row["net"]),
            "last_updated": _text(row["last_updated"]),
        }

    def _flight(self, row: Row) -> Row:
        crew = [
            {"id": row["id"] * 100 + astronaut, "astronaut": self._reference("astronauts", astronaut)}
            for astronaut in row["crew"]
        ]
        return {
            "id": row["id"],
            "url": f"https://ll.thespacedevs.com{ROOT}spacecraft_flights/{row['id']}/",
            "destination": row["name"],
            "mission_end": row["mission_end"] and _text(row["mission_end"]),
            "spacecraft": self._reference("spacecraft", row["spacecraft"]),
            "launch_crew": crew,
        }

    # --- Comparison ---------------------------------------------------------------------------------------------------

    def differences(self, names: Sequence[str] = ()) -> Iterator[str]:
        """The differences between the copy, as its API returns it, and this source, in these collections or in all."""
        for collection in collections():
            if collection.is_single or (names and collection.name not in names):
                continue
            copies, rows = _read_copy(collection), self.records[collection.name]
            yield from (f"{collection.name} {pk} is only in the copy" for pk in copies.keys() - rows.keys())
            yield from (f"{collection.name} {pk} is not in the copy" for pk in rows.keys() - copies.keys())
            for pk in rows.keys() & copies.keys():
                document = self.document(collection.name, rows[pk])
                yield from _compare(document, copies[pk], f"{collection.name} {pk}")


def small_source(clock: Callable[[], float]) -> SimulatedSource:
    """A source with 34 launches, 4 events and 27 agencies."""
    source = SimulatedSource(clock=clock, scale=0.05)
    for number in range(1, 28):
        source.records["agencies"][number] = {"id": number, "name": f"Agency {number}"}
    return source


def _read_copy(collection: Collection) -> dict[Any, Row]:
    """All objects of the copy, by id."""
    client, copies = Client(), dict[Any, Row]()
    url: str | None = ROOT + collection.request_path(0)
    while url:
        page = client.get(url).json()
        copies |= {row["id"]: row for row in page["results"]}
        url = page["next"]
    return copies


def _compare(expected: Any, actual: Any, path: str) -> Iterator[str]:
    """The places at which a document differs from another, which may have more keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key not in ("url", "response_mode"):  # the URL contains the host of the server
                yield from _compare(value, actual.get(key), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, (one, other) in enumerate(zip(_by_id(expected), _by_id(actual), strict=True)):
            yield from _compare(one, other, f"{path}[{number}]")
    elif expected != actual:
        yield f"{path}: {actual!r} instead of {expected!r}"


def _by_id(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row["id"])


def _text(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
