"""Connections of clients, with buffers for what was received and for what is still to be sent."""

import os
import socket
from collections import deque
from typing import IO, Any

from gunicorn import http

from spacedb.server.requests import MAX_ADMIN_BODY, MAX_BODY, Shape, body_length, complete_head, header, request_shape

CHUNK = 64 * 1024
"""Maximum number of bytes to receive at once."""

MAX_PARTS = 16
"""Maximum number of parts of the buffer to send at once."""


class FileRegion:
    """A part of a file that is to be sent. It has a file descriptor of its own, so that the file can be closed."""

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        self.descriptor = os.dup(file.fileno())
        self.offset = offset
        self.length = length

    def send(self, sock: socket.socket) -> None:
        """Send as much as the socket accepts. Raises `OSError` if the file has become shorter."""
        if not (sent := os.sendfile(sock.fileno(), self.descriptor, self.offset, self.length)):
            raise OSError("the file ended before the response")
        self.offset += sent
        self.length -= sent

    def close(self) -> None:
        os.close(self.descriptor)


class BufferedSocket:
    """A socket as gunicorn uses it in a thread. Reading returns one complete request, and writing fills a buffer.

    Files are not read into the buffer: their content is sent from the disk.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.head = b""
        """The request line and the headers of the current request; empty until they are complete."""
        self.request = b""
        """What gunicorn has not read of the current request."""
        self.unsent: deque[memoryview | FileRegion] = deque()

    def recv(self, size: int) -> bytes:
        """Return the next bytes of the request, or no bytes at its end."""
        data, self.request = self.request[:size], self.request[size:]
        return data

    def sendall(self, data: bytes) -> None:
        """Add data to the buffer."""
        if data:
            self.unsent.append(memoryview(data))

    def sendfile(self, file: IO[bytes], offset: int, count: int) -> None:
        """Add a part of a file to the buffer."""
        self.unsent.append(FileRegion(file, offset, count))

    def send(self, data: bytes) -> int:
        """Discard `100 Continue`, which gunicorn sends this way: the event loop sent it, if it was needed."""
        return len(data)

    def flush(self) -> None:
        """Send as much of the buffer as the client accepts without waiting. Raises `OSError` if it has disconnected."""
        while self.unsent:
            try:
                if isinstance(self.unsent[0], FileRegion):
                    self._send_file(self.unsent[0])
                else:
                    self._send_data()
            except (BlockingIOError, InterruptedError):
                return

    def _send_data(self) -> None:
        """Send once, at most what is before the next file."""
        data: list[memoryview] = []
        for part in self.unsent:
            if isinstance(part, FileRegion) or len(data) == MAX_PARTS:
                break
            data.append(part)
        sent = self.sock.sendmsg(data)
        while sent:
            part = data.pop(0)
            if sent < len(part):
                self.unsent[0] = part[sent:]
            else:
                self.unsent.popleft()
            sent -= min(sent, len(part))

    def _send_file(self, region: FileRegion) -> None:
        region.send(self.sock)
        if not region.length:
            self.unsent.popleft()
            region.close()

    def close(self) -> None:
        """Close the socket, and the files that were not sent."""
        for part in self.unsent:
            if isinstance(part, FileRegion):
                part.close()
        self.unsent.clear()
        self.sock.close()

    def is_disconnected(self) -> bool:
        """Whether the client has closed its side of the connection."""
        try:
            return not self.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

    def setblocking(self, flag: bool) -> None:
        """Do nothing: the event loop requires that the socket does not block."""

    def fileno(self) -> int:
        return self.sock.fileno()


class Connection:
    """A connection of a client, with the attributes that gunicorn's `ThreadWorker.handle()` uses."""

    initialized = data_ready = True
    is_http2 = False

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        sock.setblocking(False)
        self.sock = BufferedSocket(sock)
        self.client = client
        self.server = server
        self.parser = http.get_parser(cfg, self.sock, client)
        self.received = bytearray()
        self.deadline = 0.0
        """The monotonic time in seconds at which the event loop stops waiting for the client."""
        self.keepalive = False
        """Whether the client may send another request after the current response."""
        self.sent_continue = False
        self.shape = Shape("")
        """The shape of the current request."""

    def init(self) -> None:
        """Do nothing: the parser exists already."""

    @property
    def buffered(self) -> int:
        """The number of bytes in all buffers in memory."""
        unsent = sum(len(part) for part in self.sock.unsent if isinstance(part, memoryview))
        return len(self.received) + len(self.sock.request) + unsent

    @property
    def buffered_on_disk(self) -> int:
        """The number of bytes that are to be sent from files."""
        return sum(part.length for part in self.sock.unsent if isinstance(part, FileRegion))

    def receive(self) -> bool:
        """Receive what the client has sent, and return whether its request is complete.

        Raises `BadRequest` if the request is rejected, `EOFError` if the client has disconnected, `OSError` if the
        connection is broken.
        """
        try:
            data = self.sock.sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return False
        if not data:
            raise EOFError
        self.received += data
        return self.take_request()

    def take_request(self) -> bool:
        """Move the first request from `received` to the socket that gunicorn reads; return False if it is incomplete.

        Raises `BadRequest` if the request is rejected.
        """
        self.sock.head = b""
        head = self.sock.head = complete_head(self.received)
        if not head:
            return False
        self.shape = request_shape(head)
        length = len(head) + body_length(head, MAX_ADMIN_BODY if self.shape.is_admin else MAX_BODY)
        if len(self.received) < length:
            self._send_continue()
            return False
        self.sent_continue = False
        self.sock.request = bytes(self.received[:length])
        del self.received[:length]
        return True

    def _send_continue(self) -> None:
        """Let a client that waits for `100 Continue` send the body."""
        if not self.sent_continue and header(self.sock.head, "Expect").lower() == "100-continue":
            self.sock.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.sent_continue = True

    def discard(self) -> None:
        """Discard what the client sends after the response. Raises `EOFError` if it has disconnected."""
        if not self.sock.sock.recv(CHUNK):
            raise EOFError

    def close(self) -> None:
        self.sock.close()
