"""Completes streamed responses within the request: small ones in memory, large ones in a temporary file.

So all of a response is read in one snapshot and within the time limit, an error has the status of an error, and a
client that reads slowly occupies neither a transaction nor memory.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from rest_framework import status
from rest_framework.exceptions import APIException

from spacedb.caching.encoding import encode_pieces

MAX_IN_MEMORY = 1024 * 1024
"""Maximum size of an encoded response in memory, in bytes. Larger ones are in a file, and are not cached."""

logger = logging.getLogger(__name__)


class NoSpace(APIException):
    """503: the temporary file of a large response cannot be written."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The server has no space for large responses. Use a smaller limit."
    default_code = "no_space"


def spool(response: StreamingHttpResponse, encoding: str) -> HttpResponse | FileResponse:
    """The complete response, encoded. Raises `NoSpace` if it needs a temporary file that cannot be written."""
    file = _write(encode_pieces(cast("Iterable[bytes]", response.streaming_content), encoding))
    if isinstance(file, BytesIO):
        return HttpResponse(file.getvalue(), headers=response.headers)
    content_type = response["Content-Type"]
    del response["Content-Type"]  # FileResponse accepts it as an argument only, and would guess another type
    return FileResponse(file, headers=response.headers, content_type=content_type)


def _write(pieces: Iterable[bytes]) -> IO[bytes]:
    """A file with these pieces, to be read from its start."""
    file: IO[bytes] = BytesIO()
    try:
        for piece in pieces:
            with _disk():
                if isinstance(file, BytesIO) and file.tell() + len(piece) > MAX_IN_MEMORY:
                    buffer, file = file, tempfile.TemporaryFile()  # noqa: SIM115
                    file.write(buffer.getvalue())
                file.write(piece)
        with _disk():
            file.seek(0)  # also writes what is buffered
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        logger.error("temporary file: %s", error)
        raise NoSpace from error
