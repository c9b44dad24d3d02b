"""Conditional requests and caches, all keyed by the revision of the data."""
