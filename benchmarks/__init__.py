"""Measures spacedb beside others that serve the same data on the same machine: `make bench`."""
