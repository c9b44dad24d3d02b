"""Random requests as bytes. A request depends only on the seed, its number, and the paths of the server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

READS = ("GET", "HEAD")
METHODS = (
    "OPTIONS",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "QUERY",
    "get",
    "G\u00c9T",
    "X" * 40,
)

VALUES = (
    "",
    "0",
    "1",
    "1,2,3",
    "-1",
    "100",
    "1.5",
    "true",
    "maybe",
    "2026-05-12",
    "2026-05-12T23:30:00+02:00",
    "9999-12-31T23:59:59-23:59",
    "P1D",
    "all",
    "csv",
    "ics",
    "geojson",
    "name,-id",
    "SpaceX",
    "list",
    "detailed",
    "json",
    "api",
    "xml",
    "\0",
    "a\0b",
    "9" * 20,
    "-" + "9" * 400,
    "1e999999999",
    "NaN",
    "-inf",
    "\u0663",
    "1_0",
    "%s%(x)s{}",
    "_%\\",
    "'; DROP TABLE agencies_agency; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "../../../../etc/passwd",
    "x\r\nX-Injected: 1",
    "a " * 30,
    "a," * 600,
    "x" * 1500,
    "\u0130\u00df\u202e",
    "\U0001f680\u200d",
    "\ufffe\ud800",
)
ENCODED = ("%", "%zz", "%FF", "%ED%A0%80", "%C3", "%u1234", "%00", "%0d%0aX-Injected:%201", "&&;=;&=", "a=1&" * 900)

HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": (
        "text/html", "application/json", "application/json; indent=4", "application/json; indent=-1", "*/*", "a/b",
        "text/html;q=x", "application/xml, */*;q=0.1", ",", "", "a/b," * 200, "application/vnd.oai.openapi",
    ),
    "Accept-Encoding": ("gzip", "br", "gzip;q=0, br;q=0, identity;q=0", "*;q=0", "zstd, *", ",;q", "gzip;q=9" * 50),
    "If-None-Match": ("*", '"x"', 'W/"x", "y"', "x", '"' * 99, ""),
    "If-Match": ("*", '"x"', "x", ""),
    "If-Modified-Since": ("Thu, 26 Nov 2026 14:00:00 GMT", "yesterday", "Thu, 99 Nov 99999 99:00:00 GMT", "0"),
    "If-Unmodified-Since": ("Thu, 26 Nov 2020 14:00:00 GMT", "never"),
    "If-Range": ('"x"', "Thu, 26 Nov 2026 14:00:00 GMT"),
    "Range": ("bytes=0-9", "bytes=-1", "bytes=9-0", "bytes=0-0,2-3", "lines=1", "bytes=" + "9" * 40 + "-", "bytes=a-b"),
    "Expect": ("100-continue", "200-ok", ""),
    "Cookie": (
        "sessionid=x", "csrftoken=" + "x" * 200, "sessionid=\u00ff; ;;=", "=;=", "a=b; " * 200, 'sessionid="\\000"',
    ),
    "Authorization": ("Token x", "Token", "Token a b", "Basic " + "=" * 9, "Bearer \u00ff", "Token " + "x" * 3000, ""),
    "Content-Type": (
        "application/json", "multipart/form-data", "multipart/form-data; boundary=", "x", "text/plain; charset=?",
    ),
    "Content-Encoding": ("gzip", "br"),
    "Origin": ("null", "http://evil.example", "x", "http://[", "http://[::1"),
    "Access-Control-Request-Method": ("GET", "X"),
    "X-Forwarded-For": ("1.2.3.4", "x, y", "::1%eth0", "," * 50),
    "X-Forwarded-Proto": ("https", "x"),
    "X-Forwarded-Host": ("evil.example",),
    "X-HTTP-Method-Override": ("DELETE",),
    "Referer": ("http://x/\u00ff", "x"),
    "User-Agent": ("", "\u00ff", "%s{}", "x" * 2000),
    "Upgrade": ("websocket", "h2c"),
    "Connection": ("Upgrade", "x"),
    "Via": ("1.1 x",),
    "X-Y": ("", "\t", "x" * 4000, "\u00e9"),
}  # fmt: skip

HOSTS = (
    "evil.example",
    "",
    "127.0.0.1:x",
    "127.0.0.1:99999",
    "a b",
    "[::1",
    "[::1]",
    "x" * 300,
    "\u00ff",
    "a@b",
    "a/b",
    "..",
)

BODIES = (
    b"",
    b"{}",
    b'{"name": "mine"}',
    b"{",
    b"\0" * 100,
    b"\xff" * 1000,
    b"a=" + b"x" * 5000,
    b"--x\r\n",
    b"a=1&" * 2000,
)

CHUNKS = (
    b"0\r\n\r\n",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
    b"zz\r\nhello\r\n0\r\n\r\n",
    b"-1\r\nhello\r\n0\r\n\r\n",
    b"ffffffffffffffffffff\r\nhello\r\n",
    b"5\r\nhel",
    b"5\nhello\n0\n\n",
    b"",
    b"5\r\nhelloXX0\r\n\r\n",
)


@dataclass(frozen=True)
class Case:
    """The bytes of one or more requests on a connection.

    `kind` selects the statuses that are allowed. `methods` has the method of each request. If `is_well_formed` is
    false, the server may close the connection without a response.
    """

    kind: str
    data: bytes
    methods: Sequence[str] = ("GET",)
    is_well_formed: bool = True


@dataclass(frozen=True)
class Site:
    """The paths of a server by kind, the parameters of each list, and its host and port."""

    host: str
    paths: dict[str, list[str]]
    parameters: dict[str, list[str]] = field(default_factory=dict)


def create_case(seed: int, number: int, site: Site) -> Case:
    """Return the request with this number."""
    random = Random(f"{seed} {number}")
    if random.random() < 0.15:
        return random.choice(MALFORMED)(random, site)
    if random.random() < 0.05:
        return _pipelined(random, site)
    kind, method, data = _request(random, site)
    return Case(kind, data, (method,))


def _request(random: Random, site: Site, connection: str = "close") -> tuple[str, str, bytes]:
    """Return the kind, the method and the bytes of a request that is valid HTTP."""
    kind = random.choices(list(site.paths), weights=[WEIGHTS.get(kind, 1) for kind in site.paths])[0]
    path = random.choice(site.paths[kind])
    parameters = site.parameters.get(path) or ["next", "q"]
    if random.random() < 0.15:
        kind, path = "any", _damage_path(random, path)
    method = random.choice(READS) if random.random() < 0.85 else random.choice(METHODS[:-2])
    query = (
        ""
        if random.random() < 0.3
        else "?" + "&".join(_parameter(random, parameters) for _ in range(random.randint(1, 4)))
    )
    headers = [("Host", site.host), ("Connection", connection)]
    if random.random() < 0.05:
        kind, headers[0] = "any", ("Host", random.choice(HOSTS))
    for name in random.sample(list(HEADERS), random.choice((0, 0, 1, 1, 2, 3, 6))):
        if name != "Connection":
            headers.append((name, random.choice(HEADERS[name])))
    body = b""
    if method not in READS or random.random() < 0.05:
        body = random.choice(BODIES)
        headers.append(("Content-Length", str(len(body))))
    if len(path) + len(query) > 4000 or any(name == "Expect" for name, _ in headers):
        kind = "any"
    return kind, method, _encode(method, path + query, headers) + body


WEIGHTS = {"list": 8, "detail": 4, "page": 2, "admin": 2, "static": 1}


def _parameter(random: Random, names: list[str]) -> str:
    if random.random() < 0.1:
        return random.choice(ENCODED)
    name = random.choice((random.choice(names), "limit", "offset", "mode", "ordering", "search", "format"))
    value = str(random.randint(0, 50)) if random.random() < 0.3 else random.choice(VALUES)
    return (
        f"{quote(name)}={quote(value, errors='surrogatepass')}"
        if random.random() < 0.95
        else f"{name}={random.choice(ENCODED)}"
    )


def _damage_path(random: Random, path: str) -> str:
    match random.randrange(8):
        case 0:
            return path + random.choice(ENCODED)
        case 1:
            return path + quote(random.choice(VALUES), safe="", errors="surrogatepass") + "/"
        case 2:
            return path.rstrip("/")
        case 3:
            return path.rstrip("/") + random.choice((".json", ".api", ".xml", ".", "..", ";x", "//", "/./", "/../"))
        case 4:
            return "/" * random.randint(2, 60) + path
        case 5:
            return random.choice(("/api", "/api/ll", "/static", "/admin", "/docs", "/2.3.0", "/1.0.0")) + path
        case 6:
            position = random.randrange(1, len(path) + 1)
            return path[:position] + random.choice(ENCODED) + path[position:]
        case _:
            return "/" + "x" * random.choice((1, 300, 3000, 5000))


def _encode(method: str, target: str, headers: list[tuple[str, str]], version: str = "HTTP/1.1") -> bytes:
    lines = [f"{method} {target} {version}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def _pipelined(random: Random, site: Site) -> Case:
    """Several requests at once, of which the last closes the connection."""
    count = random.randint(2, 5)
    requests = [_encode("GET", random.choice(site.paths["list"]), [("Host", site.host)]) for _ in range(count - 1)]
    last = _encode("GET", "/health/", [("Host", site.host), ("Connection", "close")])
    return Case("list", b"".join(requests) + last, ("GET",) * count)


# --- Malformed requests -----------------------------------------------------------------------------------------------


def _line(random: Random, site: Site) -> Case:
    """A malformed or unusual request line."""
    path = random.choice(site.paths["list"])
    line = random.choice(
        (
            b"", b"\r\n\r\n", b"GET\r\n", b"GET \r\n", f"GET {path}\r\n".encode(), f"GET {path} HTTP/9.9\r\n".encode(),
            f"GET {path} HTTP/1\r\n".encode(), f"GET {path} http/1.1\r\n".encode(), b"GET  / HTTP/1.1\r\n",
            f"GET\t{path}\tHTTP/1.1\r\n".encode(), f"GET {path} x HTTP/1.1\r\n".encode(), b"GET * HTTP/1.1\r\n",
            b"OPTIONS * HTTP/1.1\r\n", b"GET nothing HTTP/1.1\r\n", f"GET {path}#x HTTP/1.1\r\n".encode(),
            f"GET http://{site.host}{path} HTTP/1.1\r\n".encode(),
            f"GET http://evil.example{path} HTTP/1.1\r\n".encode(),
            b"GET http://[ HTTP/1.1\r\n", b"GET //[/ HTTP/1.1\r\n", b"GET file:///etc/passwd HTTP/1.1\r\n",
            b"CONNECT evil.example:443 HTTP/1.1\r\n", b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n",
            f"GET {path}".encode() + b"\xff\xfe\x80 HTTP/1.1\r\n", f"GET {path}\0 HTTP/1.1\r\n".encode(),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
            f"G\xc9T {path} HTTP/1.1\r\n".encode("latin-1"), b"G" * 100 + b" / HTTP/1.1\r\n",
            random.randbytes(random.randint(1, 300)),
        )
    )  # fmt: skip
    rest = f"Host: {site.host}\r\nConnection: close\r\n\r\n".encode()
    return Case("malformed", line + rest, is_well_formed=False)


def _old(random: Random, site: Site) -> Case:
    """HTTP/1.0, with and without a host."""
    headers = random.choice(([], [("Host", site.host)], [("Connection", "keep-alive")]))
    return Case(
        "malformed", _encode("GET", random.choice(site.paths["list"]), headers, "HTTP/1.0"), is_well_formed=False
    )


def _header(random: Random, site: Site) -> Case:
    """Malformed, repeated, many or long headers."""
    line = random.choice(
        (
            b"X", b": x", b"X : x", b" X: x", b"X\0: x", b"X: a\0b", b"X: a\rb", b"X: a\nb", b"\xff: x", b"X_Y: x",
            b"X: " + b"x" * 20000,
            b"\r\n".join(b"X-%d: x" % n for n in range(90)), b"\r\n".join(b"X-%d: x" % n for n in range(300)),
            b"Host: evil.example", b"Content-Length: x", b"Content-Length: -1",
            b"Content-Length: 5\r\nContent-Length: 6",
            b"Content-Length: 9999999999999999999999", b"Content-Length: +1",
            b"Transfer-Encoding: chunked\r\nContent-Length: 5",
            b"Transfer-Encoding: x", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, chunked",
            b"Transfer-Encoding: \x0bchunked", b"X: a\r\n b", b"Content-Length: 100000000\r\nExpect: 100-continue",
            b"Script_Name: /x", b"SCRIPT-NAME: /x", b"PATH-INFO: /x", b"X: " + bytes(range(128, 256)),
            b"X: " + random.randbytes(50),
        )
    )  # fmt: skip
    path = random.choice(random.choice(list(site.paths.values())))
    data = (
        f"{random.choice(READS)} {path} HTTP/1.1\r\nHost: {site.host}\r\nConnection: close\r\n".encode()
        + line
        + b"\r\n\r\n"
    )
    return Case("malformed", data, (data.split()[0].decode(),), is_well_formed=False)


def _chunked(random: Random, site: Site) -> Case:
    """A chunked body, mostly malformed."""
    path = random.choice([*site.paths["admin"], *site.paths["list"]])
    headers = [("Host", site.host), ("Connection", "close"), ("Transfer-Encoding", "chunked")]
    return Case("malformed", _encode("POST", path, headers) + random.choice(CHUNKS), ("POST",), is_well_formed=False)


def _cut(random: Random, site: Site) -> Case:
    """A request that ends too early."""
    _, method, data = _request(random, site)
    return Case("malformed", data[: random.randrange(1, len(data))], (method,), is_well_formed=False)


def _flipped(random: Random, site: Site) -> Case:
    """A request with some random bytes."""
    _, method, data = _request(random, site)
    damaged = bytearray(data)
    for _ in range(random.randint(1, 5)):
        damaged[random.randrange(len(damaged))] = random.randrange(256)
    return Case("malformed", bytes(damaged), (method,), is_well_formed=False)


MALFORMED: tuple[Callable[[Random, Site], Case], ...] = (_line, _old, _header, _chunked, _cut, _flipped)
