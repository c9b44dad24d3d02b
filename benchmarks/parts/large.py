"""A catalogue that is 100 times as large."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from random import Random
from statistics import median, quantiles

from benchmarks.data import SIZES
from benchmarks.figures import Report, Row, Target
from benchmarks.load import time_request
from benchmarks.measuring import Bench, Singles, send_in_turn
from benchmarks.parts.paths import FLIGHTS, NO_RESPONSE_CACHE, SPACECRAFT

LAUNCHES = "/2.3.0/launches/?limit=100"
CLIENTS, PAGES = 20, 180
"""Clients of cold pages, and the number of pages that they request in a round."""


def catalogue(bench: Bench) -> Report:
    """Measure the first and the last page of spacecraft."""
    report, spacecraft = Report(), SIZES[100][0]
    last = f"offset {spacecraft - 100:,} of {spacecraft:,}"
    with ExitStack() as stack:
        small = stack.enter_context(bench.contenders[1].spacedb("small", **NO_RESPONSE_CACHE))
        large = stack.enter_context(bench.contenders[100].spacedb("large", **NO_RESPONSE_CACHE))
        for label, count, after_write in (
            ("response cache off", bench.rounds * 10, False),
            ("first after a write", bench.rounds * 5, True),
        ):
            pages = [
                Singles(f"spacecraft, first page, {label}", small, SPACECRAFT),
                Singles(f"spacecraft, first page of 100 times the catalogue, {label}", large, SPACECRAFT),
                Singles(f"spacecraft, {last}, {label}", large, f"{SPACECRAFT}&offset={spacecraft - 100}"),
            ]
            if after_write:
                # A write must change the database of the server.
                for size, of_size in ((1, pages[:1]), (100, pages[1:])):
                    bench.connect(size)
                    send_in_turn(bench, of_size, count=count, after_write=True)
            else:
                send_in_turn(bench, pages, count=count)
            first, of_large, last_of_large = (page.median for page in pages)
            report.rows += [page.row() for page in pages]
            report.targets += [
                Target(f"100 times the catalogue, first page, against once, {label}", of_large / first, 1.5, True),
                Target(f"{last} against the first page, {label}", last_of_large / of_large, 3, True),
            ]
    return report


def search(bench: Bench) -> Report:
    """Compare a search in launches that finds nothing with the first page, both without caches."""
    with bench.contenders[100].spacedb("search", **NO_RESPONSE_CACHE, OBJECT_CACHE_SIZE="0") as server:
        page = Singles("launches of 100 times the catalogue, first page, without caches", server, LAUNCHES)
        nothing = Singles(
            "launches of 100 times the catalogue, search without a hit, without caches",
            server,
            f"{LAUNCHES}&search=qzxj",
        )
        send_in_turn(bench, (page, nothing), count=bench.rounds * 5)
    ratio = nothing.median / page.median
    return Report([page.row(), nothing.row()], [Target("search without a hit against the first page", ratio, 2, True)])


def cold_pages(bench: Bench) -> Report:
    """Measure several clients that request different pages of detailed flights, none of them twice."""
    offsets = Random(1).sample(range(0, SIZES[100][1], 100), k=SIZES[100][1] // 100)
    paths = iter([f"{FLIGHTS}&offset={offset}" for offset in offsets])
    name = f"flights in detail, {CLIENTS} clients with different pages"
    rates, times, cpu = list[float](), list[float](), list[float]()
    # Expensive requests of one address are limited, so each client has its own.
    clients = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(1, CLIENTS + 1)]
    with (
        bench.contenders[100].spacedb("cold-pages", TRUSTED_PROXIES="1") as server,
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        for _ in pool.map(time_request, [server.address + SPACECRAFT] * 5 * CLIENTS):
            pass  # so that every worker has loaded its code
        for number in range(min(bench.rounds, len(offsets) // PAGES)):
            bench.show_progress(f"{name}, round {number}")
            urls = [server.address + next(paths) for _ in range(PAGES)]
            before, start = server.cpu(), time.perf_counter()
            times += pool.map(time_request, urls, cycle(clients))
            rates.append(PAGES / (time.perf_counter() - start))
            after = server.cpu()
            if before is not None and after is not None:
                cpu.append((after - before) / PAGES)
            bench.reference.send()
        size = server.memory()
    row = Row(name, median(rates), median(times), quantiles(times, n=100)[98], median(cpu) if cpu else None, size)
    return Report([row], [Target(f"pages per second, {name}", median(rates), 70, unit="/s")])
