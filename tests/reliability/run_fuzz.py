"""`make fuzz`: random requests to the server, with and without the OpenAPI documents."""

from tests.reliability.fuzz import fuzz
from tests.reliability.fuzz_openapi import run_schemathesis
from tests.reliability.servers import installation, log_of, serve


def run(seed: int, count: int = 100_000) -> list[str]:
    """Send `count` raw requests. Before, if these are many, let Schemathesis send about 40,000 others."""
    with installation("fuzz") as site, serve(site) as server:
        failures = []
        if examples := count // 10_000:
            failures += run_schemathesis(server, site.folder, seed=seed, examples=examples)
        result = fuzz(server, log_of(site), seed=seed, count=count)
        statuses = ", ".join(f"{status} ({number:,})" for status, number in sorted(result.statuses.items()))
        print(f"{result.requests:,} raw requests in {result.seconds:.0f} s, seed {seed}. Statuses: {statuses}")
        return failures + result.failures
