"""Workers that are replaced: reloads drop no request, and code that cannot be loaded stops no other worker."""

import os
import signal
import threading
from pathlib import Path

import pytest

from tests.gunicorn import Address, gunicorn
from tests.server.clients import APPLICATION, ENVIRONMENT, receive, send
from tests.waiting import wait_until

pytestmark = pytest.mark.vendor_neutral


@pytest.mark.slow
def test_a_reload_drops_no_request() -> None:
    failures, workers, stop = list[object](), list[str](), threading.Event()

    def send_requests(address: Address) -> None:
        while not stop.wait(0.01):
            try:
                response, _ = receive(send(address, b"GET /bytes/1000 HTTP/1.0\r\n\r\n"))
            except OSError as error:
                failures.append(error)
            else:
                workers.append(response.headers["X-Pid"])
                if response.status != 200:
                    failures.append(response.status)

    with gunicorn(APPLICATION, WEB_CONCURRENCY="2", **ENVIRONMENT) as (address, server):
        threads = [threading.Thread(target=send_requests, args=(address,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            wait_until(lambda: workers or failures)
            old = set(children(server.pid))
            assert workers[0] in old
            server.send_signal(signal.SIGHUP)
            wait_until(lambda: old.isdisjoint(children(server.pid)))
            workers.clear()
            wait_until(lambda: workers or failures)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert failures == []
    assert old.isdisjoint(workers)


def test_old_workers_respond_until_new_ones_are_loaded(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with gunicorn(APPLICATION, WEB_CONCURRENCY="1", **ENVIRONMENT | {"LOAD_GATE": str(gate)}) as (address, server):
        old = {pid_of_worker(address)}
        gate.touch()
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: len(children(server.pid)) == 2)
        for _ in range(50):
            assert pid_of_worker(address) in old
        gate.unlink()
        wait_until(lambda: old.isdisjoint(children(server.pid)))
        assert pid_of_worker(address) not in old


def test_a_worker_goes_on_while_another_one_cannot_load_the_code(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    with gunicorn(APPLICATION, WEB_CONCURRENCY="2", **ENVIRONMENT | {"BROKEN": str(broken)}) as (address, server):
        wait_until(lambda: len(children(server.pid)) == 2)
        responding = pid_of_worker(address)
        started = set(children(server.pid))
        broken.touch()
        for pid in started - {responding}:
            os.kill(int(pid), signal.SIGKILL)

        def have_two_failed() -> bool:
            started.update(children(server.pid))
            return len(started) == 4

        wait_until(have_two_failed, server)
        assert pid_of_worker(address) == responding


def pid_of_worker(address: Address) -> str:
    """The process that responds to a request."""
    with send(address, b"GET /bytes/1000 HTTP/1.0\r\n\r\n") as connection:
        return str(receive(connection)[0].headers["X-Pid"])


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
