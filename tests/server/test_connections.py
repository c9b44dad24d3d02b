"""Buffers of connections, and files that are sent from the disk."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacedb.server import connections, worker
from spacedb.server.connections import BufferedSocket, Connection

pytestmark = pytest.mark.vendor_neutral


@pytest.fixture
def buffered() -> Iterator[tuple[BufferedSocket, socket.socket]]:
    """A connection of a client that has not read anything yet."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield BufferedSocket(ours), theirs


def test_a_file_is_not_in_memory(buffered: tuple[BufferedSocket, socket.socket], tmp_path: Path) -> None:
    sock, client = buffered
    (tmp_path / "file").write_bytes(bytes(range(256)) * 10_000)
    connection = Connection.__new__(Connection)
    connection.sock, connection.received = sock, bytearray()
    sock.sendall(b"head")
    with (tmp_path / "file").open("rb") as file:
        sock.sendfile(file, 256, 2_000_000)  # the server closes the file before it is sent
    sock.sendall(b"tail")
    assert (connection.buffered, connection.buffered_on_disk) == (8, 2_000_000)
    sock.flush()
    assert 0 < connection.buffered_on_disk < 2_000_000
    received = b""
    while sock.unsent:
        received += client.recv(10_000_000)
        sock.flush()
    received += client.recv(10_000_000)
    assert received == b"head" + (bytes(range(256)) * 10_000)[256:2_000_256] + b"tail"


def test_files_of_closed_connections_are_closed(buffered: tuple[BufferedSocket, socket.socket], tmp_path: Path) -> None:
    sock, _ = buffered
    (tmp_path / "file").write_bytes(bytes(10_000_000))
    with (tmp_path / "file").open("rb") as file:
        sock.sendfile(file, 0, 10_000_000)
    [region] = sock.unsent
    assert isinstance(region, connections.FileRegion)
    sock.flush()
    sock.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(region.descriptor)


def test_a_file_that_becomes_shorter_ends_the_connection(
    buffered: tuple[BufferedSocket, socket.socket], tmp_path: Path
) -> None:
    sock, _ = buffered
    (tmp_path / "file").write_bytes(b"short")
    with (tmp_path / "file").open("rb") as file:
        sock.sendfile(file, 0, 10)
    with pytest.raises(OSError, match="ended"):
        sock.flush()


def test_the_largest_connections_are_closed_first() -> None:
    sizes = {"a": 5, "b": 30, "c": 0, "d": 20}
    for limit, expected in ((60, []), (55, []), (54, ["b"]), (25, ["b"]), (24, ["b", "d"]), (0, ["b", "d", "a"])):
        assert worker._largest(sizes, sizes.__getitem__, limit) == expected  # type: ignore[arg-type,comparison-overlap]
