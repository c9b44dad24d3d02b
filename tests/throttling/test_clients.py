"""The IP addresses of clients: every notation of an address is one client, and anything else is another one."""

from typing import Any

import pytest
from django.test import Client

from spacedb.throttling.clients import client_address, client_network
from tests.throttling.requests import THROTTLE, get

pytestmark = pytest.mark.vendor_neutral


@pytest.mark.parametrize(
    ("text", "address", "network"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:50000", "192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("[::ffff:c000:201]:443", "192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("[fe80::1%25eth0]:443", "fe80::1", "fe80::/64"),
        *[
            (text, "invalid", "invalid")
            for text in ("", "unknown", "_hidden", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[]", "[]:80")
        ],
        *[
            (text, "invalid", "invalid")
            for text in (
                "1.2.3.4:port",
                "1.2.3.4\n:1",
                "2001:db8::1::2",
                "a" * 9000,
                "\u0661.2.3.4",
                "3221225985",
            )
        ],
    ],
)
def test_notations(text: str, address: str, network: str) -> None:
    environ = {"REMOTE_ADDR": text}
    assert client_address(environ) == address
    assert client_network(environ) == network


def test_a_server_on_a_socket_has_no_addresses() -> None:
    assert client_address({}) == "invalid"


@pytest.mark.parametrize(
    ("proxies", "ident"), [(0, "192.0.2.1"), (1, "198.51.100.2"), (2, "198.51.100.1"), (9, "203.0.113.9")]
)
def test_the_address_behind_proxies(client: Client, limit: Any, proxies: int, ident: str) -> None:
    """Values that the client itself sends are ignored, unless fewer proxies exist than are configured."""
    limit(proxies=proxies)
    forwarded = {"x-forwarded-for": "203.0.113.9, 198.51.100.1, 198.51.100.2:443"}
    assert get(client, THROTTLE, **forwarded).json()["ident"] == ident
