"""Lanes: how many threads of a worker each kind of request may use, so that expensive requests do not delay others.

Within a lane, the clients take turns. Health checks and the admin have lanes of their own. So has the API for expensive
requests: those like which others were expensive before. `Costs` remembers that for each shape of a request, which is
the endpoint with the parameters that affect the cost.
"""

import re
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from spacedb.server.connections import Connection, header

EXPENSIVE = 0.25
"""Cost in seconds from which a request is expensive."""

WAITING_COST = 0.25
"""The cost of a second in which a thread waits, for the database server or for other threads. A second of CPU time
costs a second."""

DECAY = 0.9
"""Factor by which the cost of a shape decreases with each request that costs less."""

MAX_SHAPES = 1000
"""Number of shapes whose cost is stored; the least recently used one is forgotten."""

MAX_WAITING = 16
"""Number of requests of one client that may wait in a lane of a worker."""

REQUEST_LINE = re.compile(rb"\S+ (?:https?://[^/ ?]*)?(/?[^ ?]*)\??(\S*)", re.IGNORECASE)
ID = re.compile(r"(?<=/)(?:\d+|[0-9a-f-]{36})(?=/|$)", re.IGNORECASE)


class Shape(NamedTuple):
    """What the cost of a request depends on. Numbers are reduced to their bit length."""

    path: str
    """With `*` in place of ids."""
    is_html: bool = False
    search_terms: int = 0
    limit: int = 0
    offset: int = 0
    mode: str = ""
    is_ordered: bool = False
    is_filtered: bool = False

    @property
    def presumed_cost(self) -> float:
        """The cost before one was measured: searches and long pages in detail may be expensive."""
        is_long = self.limit > 4 and (self.is_html or self.mode == "detailed")
        return EXPENSIVE if self.search_terms or is_long else 0


def request_target(head: bytes) -> tuple[str, str]:
    """Return the path and the query string of a request."""
    match = REQUEST_LINE.match(head)
    return (match[1].decode("latin-1"), match[2].decode("latin-1")) if match else ("", "")


def request_shape(head: bytes) -> Shape:
    path, query = request_target(head)
    return _shape(path, query, "text/html" in (header(head, "Accept") or ""))


@lru_cache(maxsize=MAX_SHAPES)
def _shape(path: str, query: str, accepts_html: bool) -> Shape:
    parameters = dict(parse_qsl(query)) if query else {}
    mode = parameters.pop("mode", "")
    output_format = parameters.pop("format", "")
    terms = re.findall(r"[^\s,]+", parameters.pop("search", ""))
    return Shape(
        path=ID.sub("*", path),
        is_html=output_format == "api" or (accepts_html and not output_format),
        search_terms=len(terms).bit_length(),
        limit=_bit_length(parameters.pop("limit", "")),
        offset=_bit_length(parameters.pop("offset", "")),
        mode=mode if mode in ("list", "detailed") else "",
        is_ordered=bool(parameters.pop("ordering", "")),
        is_filtered=bool(parameters),
    )


def _bit_length(text: str) -> int:
    return int(text).bit_length() if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class Costs:
    """The costs of the shapes of requests. Used by several threads."""

    def __init__(self) -> None:
        self._costs: OrderedDict[Shape, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_expensive(self, shape: Shape) -> bool:
        return self._costs.get(shape, shape.presumed_cost) >= EXPENSIVE

    def record(self, shape: Shape, cpu_seconds: float, seconds: float) -> None:
        """Record the duration of a request. The stored cost rises at once, and decreases slowly."""
        cost = cpu_seconds + WAITING_COST * max(0, seconds - cpu_seconds)
        with self._lock:
            self._costs[shape] = max(cost, DECAY * self._costs.get(shape, 0))
            self._costs.move_to_end(shape)
            if len(self._costs) > MAX_SHAPES:
                self._costs.popitem(last=False)


@dataclass
class Lane:
    """Requests that share a number of threads. Clients take turns."""

    num_threads: int
    is_measured: bool = False
    """Whether the cost of its requests decides on the lane of later ones."""
    is_expensive: bool = False
    running: int = 0
    _waiting: OrderedDict[str, deque[Connection]] = field(default_factory=OrderedDict)

    @property
    def is_full(self) -> bool:
        return self.running >= self.num_threads

    def add(self, client: str, connection: Connection) -> bool:
        """Let a connection wait for a thread. Return False if too many requests of its client are waiting."""
        queue = self._waiting.setdefault(client, deque())
        if len(queue) >= MAX_WAITING:
            return False
        queue.append(connection)
        return True

    def next(self) -> Connection | None:
        """Return the connection whose turn it is, None if all threads are in use or no connection is waiting."""
        if self.is_full or not self._waiting:
            return None
        client, queue = self._waiting.popitem(last=False)
        connection = queue.popleft()
        if queue:
            self._waiting[client] = queue
        return connection

    def pop_expired(self, now: float) -> list[Connection]:
        """Remove and return the connections whose deadline has passed."""
        expired = [connection for queue in self._waiting.values() for connection in queue if connection.deadline <= now]
        for connection in expired:
            for client in [client for client, queue in self._waiting.items() if connection in queue]:
                self._waiting[client].remove(connection)
                if not self._waiting[client]:
                    del self._waiting[client]
        return expired


class Lanes:
    """The lanes of a worker."""

    def __init__(self) -> None:
        self.costs = Costs()
        self.health = Lane(num_threads=1)
        self.admin = Lane(num_threads=2)
        self.default = Lane(num_threads=4, is_measured=True)
        self.expensive = Lane(num_threads=1, is_measured=True, is_expensive=True)
        self.all = (self.health, self.admin, self.default, self.expensive)

    def lane_of(self, head: bytes) -> Lane:
        """Return the lane of a request, given its request line and headers."""
        path, _ = request_target(head)
        if path.startswith("/health"):
            return self.health
        if path.startswith("/admin"):
            return self.admin
        return self.expensive if self.costs.is_expensive(request_shape(head)) else self.default
