"""The server that is mirrored: its address, and what may be asked of it."""

from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

from spacedb.mirror.errors import MirrorError

DEFAULT_PORTS = {"http": 80, "https": 443}
MOST_LETTERS = 50
"""Of an address in the name of a folder."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Source:
    """The root of a version of the API: `https://ll.thespacedevs.com/2.3.0/`."""

    url: str

    @classmethod
    def of(cls, text: str) -> "Source":
        """Raises `MirrorError` for what is no such address. It is told without what stands before an `@`."""
        try:
            parts = urlsplit(text)
            known = parts.scheme in DEFAULT_PORTS and parts.hostname
            origin = _origin(text)
        except ValueError:
            raise MirrorError("The source is not an address such as https://ll.thespacedevs.com/2.3.0/.") from None
        if parts.username is not None or parts.password is not None:
            raise MirrorError(
                "The source may not hold a user or a password, for others could read it in the list of processes. "
                "A token goes into MIRROR_TOKEN."
            )
        if not known or parts.query or parts.fragment:
            raise MirrorError(f"{text} is not an address such as https://ll.thespacedevs.com/2.3.0/.")
        return cls(f"{origin}{parts.path.rstrip('/')}/")

    @property
    def name(self) -> str:
        """What a folder may be called, of this source alone: its address as far as can be, and a digest of it."""
        parts = urlsplit(self.url)
        text = f"{parts.netloc}{parts.path.rstrip('/')}"[:MOST_LETTERS]
        readable = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in text)
        return f"{readable}-{blake2b(self.url.encode(), digest_size=4).hexdigest()}"

    @property
    def is_here(self) -> bool:
        """Whether what is sent does not leave this machine."""
        return urlsplit(self.url).hostname in LOOPBACK

    @property
    def takes_secrets(self) -> bool:
        """Whether nobody on the way can read what is sent."""
        return urlsplit(self.url).scheme == "https" or self.is_here

    def address(self, request: str) -> str:
        return f"{self.url}{request}"

    def within(self, address: str, base: str = "") -> str:
        """The whole address, if it is on the source's own host. Raises `MirrorError` if it is on another."""
        whole = urljoin(base or self.url, address)
        try:
            if _origin(whole) == _origin(self.url):
                return whole
        except ValueError:
            pass
        raise MirrorError(f"leads to another host, scheme or port than {_origin(self.url)}: {whole[:200]}")

    def check_host(self, address: str) -> None:
        """Raises `MirrorError` if an address is on another host. Behind a proxy its scheme may be another."""
        try:
            known = urlsplit(urljoin(self.url, address)).hostname == urlsplit(self.url).hostname
        except ValueError:
            known = False
        if not known:
            raise MirrorError(f"leads to another host than {urlsplit(self.url).hostname}: {address[:200]}")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port if parts.port is not None else DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}" + ("" if port == DEFAULT_PORTS.get(parts.scheme) else f":{port}")
