"""spacedb: a server with the API of Launch Library 2 for spacecraft, their flights and agencies."""

__version__ = "0.1.0"
