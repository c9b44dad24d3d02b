"""`python -m benchmarks [PART …]`: runs the benchmarks, prints the results and writes `benchmarks/results.md`."""

import argparse
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console

from benchmarks import baseline, data, report
from benchmarks.figures import Report, Row
from benchmarks.load import LoadError, get
from benchmarks.measuring import Bench, Singles
from benchmarks.parts import ON_LARGE_CATALOGUE, PARTS
from benchmarks.parts.paths import SPACECRAFT

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
    parser.add_argument(
        "--baseline",
        choices=("compare", "write"),
        default="compare",
        help=f"compare CPU times with {baseline.BASELINE.name} and exit with status 1 if one has grown to more than "
        f"{baseline.LIMIT:g} times that of the last release, or write that file (default: compare)",
    )
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"unknown parts: {', '.join(sorted(unknown))} (choose from {', '.join(PARTS)})")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped
    results = measure(options.parts or list(PARTS), options.database, options.rounds, options.seconds)
    results.rows = baseline.compare(results.rows, options.database)
    load = "wrk" if shutil.which("wrk") else "the built-in load generator"
    text = report.markdown(results, database=options.database, rounds=options.rounds, load=load)
    print(text)
    if not options.parts:
        RESULTS.write_text(report.replace_section(RESULTS.read_text(), text))
        print(f"Written to {RESULTS}")
    if options.baseline == "write":
        baseline.write(results.rows, options.database)
        print(f"Written to {baseline.BASELINE}")
    slower = options.baseline == "compare" and report.print_slower(results, baseline.LIMIT)
    missed = options.strict and report.print_missed_targets(results)
    sys.exit(bool(slower or missed))


def measure(parts: list[str], database: str, rounds: int, seconds: float) -> Report:
    results = Report()
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="spacedb-bench-") as temporary,
        data.databases(database, Path(temporary)) as contenders,
        console.status("Generating") as status,
    ):
        sizes = {1} | ({100} if ON_LARGE_CATALOGUE & set(parts) else set()) | ({0} if "ingest" in parts else set())
        for size in sorted(sizes):
            spacecraft, flights = data.SIZES[size]
            status.update(f"Generating {spacecraft:,} spacecraft and {flights:,} flights")
            data.prepare(contenders[size].database, size)
        with contenders[1].textbook("reference", WEB_CONCURRENCY="1") as textbook:
            get(textbook.address + SPACECRAFT)  # so that its worker has loaded its code
            for part in PARTS:
                if part in parts:
                    reference = Singles("reference", textbook, SPACECRAFT)
                    bench = Bench(
                        contenders,
                        rounds,
                        seconds,
                        lambda size: data.connect(contenders[size].database),
                        status.update,
                        reference,
                    )
                    try:
                        part_report = PARTS[part](bench)
                    except (LoadError, OSError) as error:
                        part_report = Report(notes=[f"Part {part} failed: {error}"])
                    results.rows += [_with_relative_cpu(row, reference) for row in part_report.rows]
                    results.targets += part_report.targets
                    results.notes += part_report.notes
    return results


def _with_relative_cpu(row: Row, reference: Singles) -> Row:
    if not row.is_spacedb or row.cpu is None or not reference.cpu:
        return row
    return replace(row, relative_cpu=row.cpu / median(reference.cpu))


if __name__ == "__main__":
    main()
