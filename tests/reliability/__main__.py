"""`python -m tests.reliability NAME`: runs a check of the reliability of a server, and prints its figures."""

import argparse
import os
import signal
import sys
from importlib import import_module

from tests.conftest import ENVIRONMENT, servers, start_postgresql

NAMES = {
    "fuzz": "random and malformed requests",
    "kill": "kill -9 of commands and saves in the admin",
    "slow": "200 slow clients",
    "greedy": "20 clients with expensive requests, on a large catalogue",
    "login": "password guessing",
    "workers": "kill -9 of workers, and reloads",
    "services": "stops and kills of PostgreSQL and of Redis or Valkey",
    "disk": "a full disk, a read-only disk, a corrupt SQLite database",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("name", choices=NAMES, help="; ".join(f"{name}: {text}" for name, text in NAMES.items()))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--count", type=int, help="number of requests or repetitions (the default depends on NAME)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choices (default: 1)")
    options = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    with servers:
        if options.database == "postgresql":
            os.environ["DATABASE_URL"] = start_postgresql()
        import django

        django.setup()
        run = import_module(f"tests.reliability.run_{options.name.replace('-', '_')}").run
        count = {} if options.count is None else {"count": options.count}
        failures = run(seed=options.seed, **count)
    for failure in failures:
        print(f"FAILED: {failure}")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
