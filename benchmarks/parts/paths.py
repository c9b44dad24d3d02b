"""Paths and settings that several parts use."""

SPACECRAFT = "/2.3.0/spacecraft/?limit=100"
FLIGHTS = "/2.3.0/spacecraft_flights/?limit=100&mode=detailed"
NO_RESPONSE_CACHE = {"CACHE_SIZE": "0"}
