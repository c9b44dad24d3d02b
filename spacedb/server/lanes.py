"""Lanes: how many threads of a worker each kind of request may use, so that expensive requests do not delay others.

Within a lane, the clients take turns. Health checks and the admin have lanes of their own. The API has a second one for
expensive requests: those whose shape was expensive before, according to `Costs`.
"""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from spacedb.server.connections import Connection
from spacedb.server.requests import Shape

EXPENSIVE = 0.1
"""Cost in seconds from which a request is expensive."""

WAITING_COST = 0.25
"""The cost of a second in which a thread waits, for the database server or for other threads. A second of CPU time
costs a second."""

MAX_SHAPES = 1000
"""Number of shapes whose cost is stored; the least recently used one is forgotten."""

MAX_WAITING = 16
"""Number of expensive requests of one client that may wait in a worker."""


class Costs:
    """The costs of the shapes of requests. Used by several threads."""

    def __init__(self) -> None:
        self._costs: OrderedDict[Shape, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_expensive(self, shape: Shape) -> bool:
        cost = self._costs.get(shape)
        return shape.may_be_expensive if cost is None else cost >= EXPENSIVE

    def record(self, shape: Shape, cpu_seconds: float, seconds: float) -> None:
        """Record the duration of a request.

        The stored cost is an average in which the latest request counts as much as all before, so that a request that
        was delayed once does not make its shape expensive.
        """
        cost = cpu_seconds + WAITING_COST * max(0, seconds - cpu_seconds)
        if cost < EXPENSIVE and shape not in self._costs and not shape.may_be_expensive:
            return
        with self._lock:
            before = self._costs.get(shape, EXPENSIVE if shape.may_be_expensive else 0)
            self._costs[shape] = (before + cost) / 2
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
        """Let a connection wait for a thread. Return False if its client has too many expensive ones."""
        queue = self._waiting.setdefault(client, deque())
        if self.is_expensive and len(queue) >= MAX_WAITING:
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

    def connections(self) -> list[Connection]:
        """Return the connections that are waiting."""
        return [connection for queue in self._waiting.values() for connection in queue]

    def remove(self, connection: Connection) -> None:
        """Remove a connection that is waiting."""
        for client, queue in [*self._waiting.items()]:
            if connection in queue:
                queue.remove(connection)
            if not queue:
                del self._waiting[client]


class Lanes:
    """The lanes of a worker."""

    def __init__(self) -> None:
        self.costs = Costs()
        self.health = Lane(num_threads=1)
        self.admin = Lane(num_threads=2)
        self.default = Lane(num_threads=4, is_measured=True)
        self.expensive = Lane(num_threads=1, is_measured=True, is_expensive=True)
        self.all = (self.health, self.admin, self.default, self.expensive)

    def lane_of(self, shape: Shape) -> Lane:
        """Return the lane of a request."""
        if shape.path.startswith("/health"):
            return self.health
        if shape.is_admin:
            return self.admin
        return self.expensive if self.costs.is_expensive(shape) else self.default
