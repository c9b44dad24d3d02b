"""The application as a server calls it, with a count of what its cache did not have."""

from typing import Any, NamedTuple

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from spacedb.caching.response_cache import ResponseCache, head_as_get
from spacedb.caching.stores import MemoryStore, RedisStore

MIB = 1024 * 1024


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """The whole WSGI application, with a count of how often the cache had to ask Django's."""

    def __init__(self, memory: MemoryStore | None = None, shared: RedisStore | None = None) -> None:
        self.made = 0
        self.django = WSGIHandler()
        self.memory = memory or MemoryStore(MIB)
        self.cache = head_as_get(ResponseCache(self._application, self.memory, shared))

    def _application(self, environ: dict[str, Any], start: Any) -> Any:
        self.made += 1
        return self.django(environ, start)

    def ask(self, path: str, method: str = "GET", application: Any = None, **headers: str) -> Answer:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        environ = RequestFactory(headers={"host": "testserver", **told}).generic(method, path).environ
        began: list[Any] = []
        answer = (application or self.cache)(environ, lambda *args: began.extend(args))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return Answer(int(began[0][:3]), {name.lower(): value for name, value in began[1]}, body)

    def is_kept(self, path: str, **headers: str) -> bool:
        """Whether asking once more needs nothing made; and then it is the same as when it is made."""
        before = self.made
        answer = self.ask(path, **headers)
        found = self.made == before
        if found:
            assert answer == self.ask(path, application=self.django, **headers)
        return found
