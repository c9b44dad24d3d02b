"""Password guessing: wrong logins from one address and from many, beside a client of the API."""

import threading
import time
from collections import Counter
from urllib.parse import urlencode

from benchmarks.processes import Server
from tests.reliability.clients import HEADER, Measurement, fetch, measure, simple
from tests.reliability.report import print_table
from tests.reliability.servers import installation, serve

CLIENTS = 8
SECONDS = 30


def log_in(server: Server, password: str, address: str = "127.0.0.1") -> int | str:
    """Send a login as a script would: with any CSRF token. Return the status, or an error."""
    token = "x" * 32
    body = urlencode({"username": "editor", "password": password, "csrfmiddlewaretoken": token})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={token}",
        "X-Forwarded-For": address,
    }
    return fetch(server, "/admin/login/", headers, method="POST", body=body, timeout=60)


def run(seed: int, count: int = SECONDS) -> list[str]:
    """Guess for `count` seconds with 8 clients, from one address and from a new one for each guess."""
    rows, failures = list[list[object]](), list[str]()
    with installation("login") as site:
        site.run(
            *("shell", "--verbosity", "0", "--command"),
            "from django.contrib.auth.models import User; User.objects.create_superuser('editor', password='correct')",
        )
        with serve(site, TRUSTED_PROXIES="1") as server:
            measure(server, simple, 3)
            alone = measure(server, simple, count)
            rows.append(["no guesses", "", "", *alone.cells()])
            for name, address in (("one address", "1.2.3.4"), ("many addresses", "10.{}.{}.{}")):
                guesses, beside = _guess_for(server, count, address)
                statuses = ", ".join(f"{status} ({number})" for status, number in sorted(guesses.items(), key=str))
                rows.append([name, f"{guesses.total() / count:.1f}/s", statuses, *beside.cells()])
                if beside.failed:
                    failures.append(f"{name}: {beside.failed} requests of the API client failed: {beside.outcomes}")
                if guesses[302]:
                    failures.append(f"{name}: a wrong password was accepted")
    print_table(["Guesses from", "Guesses", "Statuses", *HEADER], rows)
    return failures


def _guess_for(server: Server, seconds: float, address: str) -> tuple[Counter[int | str], Measurement]:
    """Guess with several clients for some seconds. Return the statuses, and the requests of an API client beside it."""
    statuses, stop = Counter[int | str](), threading.Event()

    def send(first: int) -> None:
        number = first
        while not stop.is_set():
            source = address.format(number % 251, number // 251 % 251, first)
            statuses[log_in(server, f"guess {number}", source)] += 1
            number += CLIENTS

    threads = [threading.Thread(target=send, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    measurement = measure(server, simple, seconds - 1)
    stop.set()
    for thread in threads:
        thread.join()
    return statuses, measurement
