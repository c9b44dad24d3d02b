"""The first request after a write, when no cached response is valid."""

from benchmarks.figures import Report, Target
from benchmarks.measuring import Bench, Singles, send_in_turn
from benchmarks.parts.paths import FLIGHTS, SPACECRAFT

COMPARED = (("spacecraft", SPACECRAFT, 5), ("flights in detail", FLIGHTS, 12))
"""What the textbook implementation returns as well, and how much faster spacedb must be."""

OTHERS = {
    "2.2.0 launches in detail": "/2.2.0/launch/?limit=100&mode=detailed",
    "2.2.0 agencies in detail": "/2.2.0/agencies/?limit=100&mode=detailed",
}


def after_write(bench: Bench) -> Report:
    """Measure the first request after a write."""
    report = Report()
    bench.connect(1)
    with bench.contenders[1].spacedb("first") as spacedb, bench.contenders[1].textbook() as textbook:
        for name, path, bound in COMPARED:
            theirs = Singles(f"{name}, textbook, first after a write", textbook, path, is_spacedb=False)
            ours = Singles(f"{name}, spacedb, first after a write", spacedb, path)
            send_in_turn(bench, (theirs, ours), count=bench.rounds * 5, after_write=True)
            report.rows += [theirs.row(), ours.row()]
            ratio = theirs.median / ours.median
            report.targets.append(Target(f"{name}: first request after a write against textbook", ratio, bound))
        others = [Singles(f"{name}, first after a write", spacedb, path) for name, path in OTHERS.items()]
        send_in_turn(bench, others, count=bench.rounds * 5, after_write=True)
        report.rows += [singles.row() for singles in others]
    return report
