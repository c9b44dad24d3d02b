"""`python -m benchmarks [PART …]`: runs the benchmarks, prints the results and writes `benchmarks/results.md`."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import data, report
from benchmarks.contenders import Contenders
from benchmarks.load import LoadError
from benchmarks.parts import PARTS, Bench, Report

RESULTS = Path(__file__).parent / "results.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Run the benchmarks of spacedb and other servers.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"parts to run: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--rounds", type=int, default=5, help="number of rounds, of which the median is taken (default: 5)"
    )
    parser.add_argument(
        "--seconds", type=float, default=2, help="duration of the load on each contender in a round (default: 2)"
    )
    parser.add_argument("--strict", action="store_true", help="exit with status 1 if a target is missed")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"unknown parts: {', '.join(sorted(unknown))} (choose from {', '.join(PARTS)})")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped
    results = measure(options.parts or list(PARTS), options.database, options.rounds, options.seconds)
    load = "wrk" if shutil.which("wrk") else "the built-in load generator"
    text = report.markdown(results, database=options.database, rounds=options.rounds, load=load)
    print(text)
    if not options.parts:
        RESULTS.write_text(text)
        print(f"Written to {RESULTS}")
    if options.strict and not all(target.met for target in results.targets):
        report.print_missed_targets(results)
        sys.exit(1)


def measure(parts: list[str], database: str, rounds: int, seconds: float) -> Report:
    results = Report()
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="spacedb-bench-") as temporary,
        data.databases(database, Path(temporary)) as urls,
        console.status("Generating") as status,
    ):
        directory = Path(temporary)
        for size in data.SIZES if {"catalogue", "memory"} & set(parts) else (1,):
            spacecraft, flights = data.SIZES[size]
            status.update(f"Generating {spacecraft:,} spacecraft and {flights:,} flights")
            data.prepare(urls[size], size)
        contenders = {size: Contenders(url, directory) for size, url in urls.items()}
        bench = Bench(contenders, rounds, seconds, lambda size: data.connect(urls[size]), status.update)
        for part in PARTS:
            if part in parts:
                try:
                    part_report = PARTS[part](bench)
                except (LoadError, OSError) as error:
                    part_report = Report(notes=[f"Part {part} failed: {error}"])
                results.rows += part_report.rows
                results.targets += part_report.targets
                results.notes += part_report.notes
    return results


if __name__ == "__main__":
    main()
