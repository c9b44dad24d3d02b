"""`python -m benchmarks [PART …]`: measure, print, and write `benchmarks/results.md`."""

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
    parser = argparse.ArgumentParser(prog="make bench", description="Measure spacedb beside others.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many (5)")
    parser.add_argument("--seconds", type=float, default=2, help="each contender's time in a round (2)")
    parser.add_argument("--strict", action="store_true", help="fail where something is not as fast as it should be")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server is left behind
    found = measure(options.parts or list(PARTS), options.database, options.rounds, options.seconds)
    load = "wrk" if shutil.which("wrk") else "the bundled generator"
    text = report.markdown(found, database=options.database, rounds=options.rounds, load=load)
    print(text)
    if not options.parts:
        RESULTS.write_text(text)
        print(f"Written to {RESULTS}")
    if options.strict and not all(target.met for target in found.targets):
        report.failed(found)
        sys.exit(1)


def measure(parts: list[str], database: str, rounds: int, seconds: float) -> Report:
    found = Report()
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
                    one = PARTS[part](bench)
                except (LoadError, OSError) as error:
                    one = Report(notes=[f"The part {part} could not be measured. {error}"])
                found.rows += one.rows
                found.targets += one.targets
                found.notes += one.notes
    return found


if __name__ == "__main__":
    main()
