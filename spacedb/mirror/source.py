"""The source: the server that is mirrored, and the checks on its URLs."""

from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

from spacedb.mirror.errors import MirrorError

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_NAME_LENGTH = 50
"""Length of the readable part of a folder name, in characters."""
MAX_QUOTED_LENGTH = 200
"""Length of a URL of the source in an error message, in characters."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Source:
    """The root URL of an API version: `https://ll.thespacedevs.com/2.3.0/`."""

    url: str

    @classmethod
    def parse(cls, text: str) -> "Source":
        """Raises `MirrorError` if the text is not a URL of http or https. The message never contains a password."""
        try:
            parts = urlsplit(text)
            is_http = parts.scheme in DEFAULT_PORTS and parts.hostname
            origin = _origin(text)
        except ValueError:
            raise MirrorError("The source is not a URL such as https://ll.thespacedevs.com/2.3.0/.") from None
        if parts.username is not None or parts.password is not None:
            raise MirrorError(
                "The URL of the source must not contain a user or a password: other users could read it in the list "
                "of processes. Put a token into MIRROR_TOKEN."
            )
        if not is_http or parts.query or parts.fragment:
            raise MirrorError(f"{text} is not a URL such as https://ll.thespacedevs.com/2.3.0/.")
        return cls(f"{origin}{parts.path.rstrip('/')}/")

    @property
    def folder_name(self) -> str:
        """A unique folder name: the readable part of the URL and a digest of the whole URL."""
        parts = urlsplit(self.url)
        text = f"{parts.netloc}{parts.path.rstrip('/')}"[:MAX_NAME_LENGTH]
        readable = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in text)
        return f"{readable}-{blake2b(self.url.encode(), digest_size=4).hexdigest()}"

    @property
    def is_local(self) -> bool:
        """Whether the source runs on this machine, so that requests do not cross a network."""
        return urlsplit(self.url).hostname in LOOPBACK_HOSTS

    @property
    def is_confidential(self) -> bool:
        """Whether a token can be sent without being readable on the network."""
        return urlsplit(self.url).scheme == "https" or self.is_local

    def url_for(self, request_path: str) -> str:
        """The URL of a path and query relative to the root."""
        return f"{self.url}{request_path}"

    def resolve(self, url: str, base: str = "") -> str:
        """The absolute URL. Raises `MirrorError` if its scheme, host or port is not that of the source."""
        absolute = urljoin(base or self.url, url)
        try:
            if _origin(absolute) == _origin(self.url):
                return absolute
        except ValueError:
            pass
        raise MirrorError(
            f"leads to another host, scheme or port than {_origin(self.url)}: {absolute[:MAX_QUOTED_LENGTH]}"
        )

    def check_host(self, url: str) -> None:
        """Raises `MirrorError` if a URL is on another host. Its scheme may differ behind a proxy."""
        host = urlsplit(self.url).hostname
        try:
            is_same = urlsplit(urljoin(self.url, url)).hostname == host
        except ValueError:
            is_same = False
        if not is_same:
            raise MirrorError(f"leads to another host than {host}: {url[:MAX_QUOTED_LENGTH]}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    default_port = DEFAULT_PORTS.get(parts.scheme)
    port = parts.port if parts.port is not None else default_port
    return f"{parts.scheme}://{host}" + ("" if port == default_port else f":{port}")
