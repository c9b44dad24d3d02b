"""The gunicorn worker: its event loop receives requests and sends responses, and its threads run the application.

In gunicorn's own threaded worker, a client that sends its request or reads its response slowly occupies a thread. Here
a thread is used only from the moment at which the request is complete until its response is generated. The event loop
closes connections that take too long in total. If there are too many connections, it closes the one whose last
event is the oldest; if their buffers are too large, the one with the largest buffers.
"""

import errno
import fcntl
import os
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from http import HTTPStatus
from operator import attrgetter
from typing import Any, ClassVar, TypeAlias, cast
from wsgiref.types import WSGIEnvironment

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker
from typing_extensions import override

from spacedb.server.connections import BufferedSocket, Connection
from spacedb.server.errors import error_response
from spacedb.server.lanes import Lane, Lanes
from spacedb.server.requests import BadRequest, header

# Gunicorn's main process imports this module, and workers inherit what it has imported, also after SIGHUP. So this
# package imports the rest of the project in functions, which workers call.

Action: TypeAlias = Callable[[Connection], None]

REQUEST_TIMEOUT = 30
"""Seconds in which a client must send a request, from its first byte to its last one."""

RESPONSE_TIMEOUT = 30
"""Seconds in which a client must receive a response, in addition to one for each `MIN_RATE` bytes."""

MIN_RATE = 16 * 1024
"""Minimum rate at which a client must receive a response, in bytes per second."""

QUEUE_TIMEOUT = 30
"""Seconds that a request waits for a thread."""

LINGER_TIMEOUT = 2
"""Seconds to wait for the client to close the connection after the response (RFC 9112, section 9.6)."""

MAX_BUFFERED = 64 * 1024 * 1024
"""Maximum size of the buffers of all waiting connections of a worker, in bytes."""

MAX_ON_DISK = 256 * 1024 * 1024
"""Maximum size of the temporary files from which a worker sends responses, in bytes."""

CHECK_INTERVAL = 0.5
"""Seconds between two checks for connections that take too long."""

STATUS_OF_ERROR: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}
"""The status for each error of gunicorn's parser that does not get 400."""

ERRORS_OF_APPLICATION = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName, errors.ConfigurationProblem)


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, whose threads neither receive requests nor send responses."""

    wsgi: Any
    slots: ClassVar[Any] = None
    """A file of which each worker locks a byte while it handles an expensive request. The locks of a process end with
    it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # This is the main process, so that all workers inherit the file.
        if BufferingWorker.slots is None:
            BufferingWorker.slots = tempfile.TemporaryFile(dir=self.cfg.worker_tmp_dir)  # noqa: SIM115
        self.lanes = Lanes()
        self.waiting: dict[Connection, Action] = {}
        """The connections that the event loop waits for, oldest first, and what it does when they are ready."""
        self.next_check = 0.0
        self.num_slots = 1

    @override
    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        if cfg.is_ssl:
            sys.exit("spacedb does not terminate TLS. Remove the certificate, and run the server behind a proxy.")

    @override
    def get_thread_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(sum(lane.num_threads for lane in self.lanes.all))

    @override
    def load_wsgi(self) -> None:
        from spacedb.cpus import cpu_count
        from spacedb.databases.deadline import IS_DISCONNECTED

        super().load_wsgi()
        self.num_slots = max(1, cpu_count() // 2)
        application = self.wsgi

        def respond(environ: WSGIEnvironment, start_response: Any) -> Iterable[bytes]:
            environ[IS_DISCONNECTED] = environ["gunicorn.socket"].is_disconnected
            return cast("Iterable[bytes]", application(environ, start_response))

        self.wsgi = respond
        os.ftruncate(self.tmp.fileno(), 1)  # the main process reads the size
        self.notify()  # with the time of the heartbeat, which the line before has changed

    @property
    def is_loaded(self) -> bool:
        """Whether the worker has loaded the code. The main process reads it from the heartbeat file of the worker."""
        return os.fstat(self.tmp.fileno()).st_size > 0

    # --- Receiving ---

    @override
    def accept(self, listener: Any) -> None:
        if self.nr_conns >= self.worker_connections - 1:
            self._drop_oldest()
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._drop_oldest()
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, sock, address, listener.getsockname())
        connection.deadline = time.monotonic() + REQUEST_TIMEOUT
        self._attempt(self._receive, connection)

    def _receive(self, connection: Connection) -> None:
        is_first = not connection.received
        if connection.receive():
            self.enqueue_req(connection)
            return
        if is_first and connection.received:
            connection.deadline = time.monotonic() + REQUEST_TIMEOUT
        self._wait(connection, selectors.EVENT_READ, self._receive)

    def _receive_next(self, connection: Connection) -> None:
        """Wait for the next request, which the client may already have sent."""
        if connection.received and connection.take_request():
            self.enqueue_req(connection)
            return
        timeout = REQUEST_TIMEOUT if connection.received else self.cfg.keepalive if self.alive else LINGER_TIMEOUT
        connection.deadline = time.monotonic() + timeout
        self._wait(connection, selectors.EVENT_READ, self._receive)

    # --- Running the application ---

    @override
    def enqueue_req(self, connection: Connection) -> None:
        lane = self.lanes.lane_of(connection.shape)
        if lane.add(_client(connection) if lane.is_full else "", connection):
            connection.deadline = time.monotonic() + QUEUE_TIMEOUT
            self._start_requests(lane)
        else:
            self._reject(connection, HTTPStatus.TOO_MANY_REQUESTS, "Too many of your expensive requests are waiting.")

    def _start_requests(self, lane: Lane) -> None:
        while connection := lane.next():
            lane.running += 1
            future = self.tpool.submit(self._handle_in_lane, lane, connection)
            future.add_done_callback(partial(self.method_queue.defer, self._finish, lane, connection))

    def _handle_in_lane(self, lane: Lane, connection: Connection) -> bool:
        """Handle a request in a thread. Return whether the client may send another one."""
        with self._slot() if lane.is_expensive else nullcontext():
            if lane.is_expensive and connection.sock.is_disconnected():
                return False
            started, cpu_started = time.monotonic(), time.thread_time()
            keepalive = self.handle(connection)
            if lane.is_measured:
                cpu_seconds, seconds = time.thread_time() - cpu_started, time.monotonic() - started
                self.lanes.costs.record(connection.shape, cpu_seconds, seconds)
        connection.sock.flush()
        return bool(keepalive)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """Wait until another expensive request may run: one for each two CPUs, in all workers together."""
        slot = next(filter(self._lock_slot, range(self.num_slots)), self.age % self.num_slots)
        fcntl.lockf(self.slots, fcntl.LOCK_EX, 1, slot)
        try:
            yield
        finally:
            fcntl.lockf(self.slots, fcntl.LOCK_UN, 1, slot)

    def _lock_slot(self, slot: int) -> bool:
        try:
            fcntl.lockf(self.slots, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
        except BlockingIOError:
            return False
        return True

    def _finish(self, lane: Lane, connection: Connection, future: Future[bool]) -> None:
        lane.running -= 1
        self._start_requests(lane)
        self._attempt(self._start_sending, connection, future)

    # --- Sending ---

    def _start_sending(self, connection: Connection, future: Future[bool]) -> None:
        connection.keepalive = future.result()
        seconds = RESPONSE_TIMEOUT + (connection.buffered + connection.buffered_on_disk) / MIN_RATE
        connection.deadline = time.monotonic() + seconds
        self._send(connection)

    def _send(self, connection: Connection) -> None:
        connection.sock.flush()
        if connection.sock.unsent:
            self._wait(connection, selectors.EVENT_WRITE, self._send)
        elif connection.keepalive:
            self._receive_next(connection)
        else:
            self._linger(connection)

    def _reject(self, connection: Connection, status: HTTPStatus, detail: str) -> None:
        """Send an error without running the application, and close the connection."""
        self.log.info("%s for %s: %s", status.value, _client(connection), detail)
        connection.sock.sendall(error_response(status, detail, connection.sock.head))
        connection.deadline = time.monotonic() + RESPONSE_TIMEOUT
        connection.keepalive = False
        self._attempt(self._send, connection)

    @override
    def handle_error(self, req: Any, client: BufferedSocket, addr: Any, exc: Exception) -> None:
        """Send an error that occurred in a thread: 500, or a status for a request that gunicorn rejects."""
        if isinstance(exc, errors.ParseException) and not isinstance(exc, ERRORS_OF_APPLICATION):
            status, detail = STATUS_OF_ERROR.get(type(exc), HTTPStatus.BAD_REQUEST), str(exc)
            self.log.warning("Invalid request from %s: %s", addr[0] if addr else "", exc)
        else:
            status, detail = HTTPStatus.INTERNAL_SERVER_ERROR, "A server error occurred."
            self.log.exception("Error handling request %s", client.head.partition(b"\r\n")[0].decode("latin-1"))
        client.sendall(error_response(status, detail, client.head))

    # --- Waiting and closing ---

    def _attempt(self, action: Callable[..., None], connection: Connection, *args: Any) -> None:
        """Do the next step of a connection. Close it if the client has disconnected."""
        try:
            action(connection, *args)
        except BadRequest as error:
            self._reject(connection, error.status, error.detail)
        except (EOFError, OSError):
            self._close(connection)
        except Exception:
            self.log.exception("Error in the event loop")
            self._close(connection)

    def _wait(self, connection: Connection, event: int, action: Action) -> None:
        """Continue with `action` when the client has sent something, or accepts more of the response."""
        self.waiting[connection] = action
        self.poller.register(connection.sock, event, lambda _: self._resume(connection))

    def _resume(self, connection: Connection) -> None:
        if action := self.waiting.pop(connection, None):  # None: an earlier event of the same batch closed it
            self.poller.unregister(connection.sock)
            self._attempt(action, connection)

    def _linger(self, connection: Connection) -> None:
        """Close our side, and wait for the client: closing both sides would discard what it has not yet received."""
        connection.sock.sock.shutdown(socket.SHUT_WR)
        connection.deadline = time.monotonic() + LINGER_TIMEOUT
        self._wait(connection, selectors.EVENT_READ, self._drain)

    def _drain(self, connection: Connection) -> None:
        connection.discard()
        self._wait(connection, selectors.EVENT_READ, self._drain)

    def _close(self, connection: Connection) -> None:
        if self.waiting.pop(connection, None):
            self.poller.unregister(connection.sock)
        self.nr_conns -= 1
        connection.close()

    def _drop_oldest(self) -> None:
        """Close the connection whose last event is the oldest, if any."""
        if self.waiting:
            self._close(next(iter(self.waiting)))

    @override
    def murder_pending(self) -> None:
        """Close the connections that take too long, and those whose buffers are too large."""
        now = time.monotonic()
        if now < self.next_check:
            return
        self.next_check = now + CHECK_INTERVAL
        for connection in [connection for connection in self.waiting if connection.deadline <= now]:
            self._time_out(connection)
        queued = {connection: lane for lane in self.lanes.all for connection in lane.connections()}
        for connection, lane in queued.items():
            if connection.deadline <= now:
                self._reject_queued(lane, connection)
        for connection in _largest((*self.waiting, *queued), attrgetter("buffered"), MAX_BUFFERED):
            if connection in self.waiting:
                self._close(connection)
            elif connection in queued[connection].connections():
                self._reject_queued(queued[connection], connection)
        for connection in _largest(self.waiting, attrgetter("buffered_on_disk"), MAX_ON_DISK):
            self._close(connection)

    def _time_out(self, connection: Connection) -> None:
        """Close a connection that waits for the client, with a response if its request is incomplete."""
        if self.waiting[connection] == self._receive and connection.received:
            self.poller.unregister(connection.sock)
            del self.waiting[connection]
            detail = f"The request was not complete after {REQUEST_TIMEOUT} seconds."
            self._reject(connection, HTTPStatus.REQUEST_TIMEOUT, detail)
        else:
            self._close(connection)

    def _reject_queued(self, lane: Lane, connection: Connection) -> None:
        lane.remove(connection)
        connection.sock.request = b""
        self._reject(connection, HTTPStatus.SERVICE_UNAVAILABLE, "The server is busy. Try again in a moment.")

    @override
    def murder_keepalived(self, force: bool = False) -> None:
        """Close all connections that wait, if the worker ends."""
        for connection in [*self.waiting] if force else ():
            self._close(connection)

    @override
    def _cap_keepalive(self, deadline: float) -> None:
        """Close the connections without a request by the deadline, as the worker ends."""
        for connection in self.waiting:
            if not connection.received and not connection.sock.unsent:
                connection.deadline = min(connection.deadline, deadline)


def _largest(connections: Iterable[Connection], size: Callable[[Connection], int], limit: int) -> list[Connection]:
    """Return the largest connections, without which the total size is within the limit."""
    by_size = sorted(connections, key=size, reverse=True)
    remaining = sum(map(size, by_size))
    largest: list[Connection] = []
    while remaining > limit:
        largest.append(by_size[len(largest)])
        remaining -= size(largest[-1])
    return largest


def _client(connection: Connection) -> str:
    """Return the identifier of the client, which groups its requests."""
    from spacedb.throttling.clients import client_network

    return client_network(
        {
            "REMOTE_ADDR": connection.client[0] if connection.client else "",
            "HTTP_X_FORWARDED_FOR": header(connection.sock.head, "X-Forwarded-For"),
        }
    )
