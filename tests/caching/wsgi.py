"""The WSGI application with its response cache, called as a server would call it."""

from typing import Any, NamedTuple

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from spacedb.caching.paths import with_canonical_paths
from spacedb.caching.response_cache import ResponseCache, head_as_get
from spacedb.caching.stores import MemoryStore, RedisStore

MIB = 1024 * 1024


class Response(NamedTuple):
    """A response with lower-case header names."""

    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """The WSGI application. `generated` counts the responses that Django generated because they were not cached."""

    def __init__(self, memory: MemoryStore | None = None, shared: RedisStore | None = None) -> None:
        self.generated = 0
        self.django = WSGIHandler()
        self.memory = memory or MemoryStore(MIB)
        self.cache = head_as_get(with_canonical_paths(ResponseCache(self._generate, self.memory, shared)))

    def _generate(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.generated += 1
        return self.django(environ, start_response)

    def get(self, path: str, application: Any = None, **headers: str) -> Response:
        return self.request("GET", path, application, **headers)

    def request(self, method: str, path: str, application: Any = None, **headers: str) -> Response:
        """Send a request to `application`, by default the cache. Write header names with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        environ = RequestFactory(headers={"host": "testserver", **sent}).generic(method, path).environ
        started: list[Any] = []
        content = (application or self.cache)(environ, lambda *args: started.extend(args))
        body = b"".join(content)
        if hasattr(content, "close"):
            content.close()
        return Response(int(started[0][:3]), {name.lower(): value for name, value in started[1]}, body)

    def is_cached(self, path: str, **headers: str) -> bool:
        """Return whether a GET request is served from the cache, and check that Django would return the same."""
        before = self.generated
        response = self.get(path, **headers)
        cached = self.generated == before
        if cached:
            assert response == self.get(path, application=self.django, **headers)
        return cached
