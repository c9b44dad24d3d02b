"""Servers under load, in turn."""

import json
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

from benchmarks.contenders import NotInstalled, check_same_objects
from benchmarks.data import SIZES
from benchmarks.figures import Report, Target
from benchmarks.load import get
from benchmarks.measuring import Bench, Entry, Singles, run_rounds, send_in_turn
from benchmarks.parts.paths import FLIGHTS, NO_RESPONSE_CACHE, SPACECRAFT
from benchmarks.processes import Server

Started = TypeVar("Started")

NINJA_SPACECRAFT = "/ninja/spacecraft/?limit=100"
NINJA_FLIGHTS = "/ninja/spacecraft_flights/?limit=100"
EVENTS = "/2.3.0/events/?limit=100"
DASHBOARD = "/2.3.0/dashboard/starship/?mode=detailed"


def throughput(bench: Bench) -> Report:
    """Measure all contenders under load, in turn and with the same data."""
    report, contenders = Report(), bench.contenders[1]
    with ExitStack() as stack:
        cold = stack.enter_context(contenders.spacedb("cold", **NO_RESPONSE_CACHE))
        warm = stack.enter_context(contenders.spacedb("warm"))
        textbook = stack.enter_context(contenders.textbook())
        ninja = stack.enter_context(contenders.textbook("ninja"))
        for path, ninja_path in ((SPACECRAFT, NINJA_SPACECRAFT), (FLIGHTS, NINJA_FLIGHTS)):
            check_same_objects(warm, path, textbook, path)
            check_same_objects(warm, path, ninja, ninja_path)
        first = get(warm.address + SPACECRAFT)
        entries = [
            Entry("spacecraft, textbook", textbook, SPACECRAFT, is_spacedb=False),
            Entry("spacecraft, textbook django-ninja", ninja, NINJA_SPACECRAFT, is_spacedb=False),
            Entry("spacecraft, response cache off", cold, SPACECRAFT),
            Entry("spacecraft, warm", warm, SPACECRAFT),
            Entry("flights in detail, textbook", textbook, FLIGHTS, is_spacedb=False),
            Entry("flights in detail, textbook django-ninja", ninja, NINJA_FLIGHTS, is_spacedb=False),
            Entry("flights in detail, response cache off", cold, FLIGHTS),
            Entry("flights in detail, warm", warm, FLIGHTS),
            Entry("spacecraft, 304", warm, SPACECRAFT, {"If-None-Match": first.headers["etag"]}, expect=304),
        ]
        cacheable = stack.enter_context(contenders.spacedb("cacheable", CACHE_CONTROL="public, max-age=0, s-maxage=1"))

        def start(contender: AbstractContextManager[Started]) -> Started | None:
            try:
                return stack.enter_context(contender)
            except NotInstalled as missing:
                report.notes.append(f"Not measured, as it is not installed: {missing}.")
                return None

        for name, of_spacedb in (
            ("warm with granian", contenders.granian()),
            ("warm behind the cache of nginx", contenders.cached_by_nginx(cacheable)),
        ):
            if server := start(of_spacedb):
                entries.append(Entry(f"spacecraft, {name}", server, SPACECRAFT))
        for name, other in (
            ("nginx with a static file", contenders.nginx(first.body)),
            ("json-server", contenders.json_server(_all_objects(warm))),
            ("Datasette", contenders.datasette()),
        ):
            if started := start(other):
                entries.append(Entry(f"spacecraft, {name}", *started, is_spacedb=False))
        run_rounds(bench, entries)
    report.rows = [entry.row() for entry in entries]
    rate = {row.name: row.per_second or 0 for row in report.rows}
    report.targets = [
        _ratio(rate, "spacecraft, response cache off", "spacecraft, textbook", 10),
        _ratio(rate, "flights in detail, response cache off", "flights in detail, textbook", 10),
        _ratio(rate, "spacecraft, warm", "spacecraft, textbook", 60),
        _ratio(rate, "spacecraft, 304", "spacecraft, warm", 1.5),
    ]
    if "spacecraft, nginx with a static file" in rate:
        static = "spacecraft, nginx with a static file"
        report.targets.append(_ratio(rate, "spacecraft, warm", static, 0.2))
        report.targets.append(_ratio(rate, "spacecraft, warm behind the cache of nginx", static, 0.5))
        if "spacecraft, warm with granian" in rate:
            report.targets.append(_ratio(rate, "spacecraft, warm with granian", static, 0.5))
    return report


def dashboard(bench: Bench) -> Report:
    """Measure the list of events, and the dashboard, which the fragment cache does not store."""
    bench.connect(1)
    with ExitStack() as stack:
        cold = stack.enter_context(bench.contenders[1].spacedb("cold", **NO_RESPONSE_CACHE))
        warm = stack.enter_context(bench.contenders[1].spacedb("warm"))
        paths = {"events": EVENTS, "dashboard in detail": DASHBOARD}
        entries = [
            Entry(f"{name}, {label}", server, path)
            for name, path in paths.items()
            for label, server in (("response cache off", cold), ("warm", warm))
        ]
        run_rounds(bench, entries)
        after_writes = [Singles(f"{name}, first after a write", warm, path) for name, path in paths.items()]
        send_in_turn(bench, after_writes, count=bench.rounds * 5, after_write=True)
    return Report([*(entry.row() for entry in entries), *(singles.row() for singles in after_writes)])


def _ratio(rate: dict[str, float], name: str, against: str, bound: float) -> Target:
    return Target(f"{name} against {against.partition(', ')[2]}", rate[name] / rate[against], bound)


def _all_objects(server: Server) -> list[object]:
    objects: list[object] = []
    while len(objects) < SIZES[1][0]:
        objects += json.loads(get(f"{server.address}{SPACECRAFT}&offset={len(objects)}").body)["results"]
    return objects
