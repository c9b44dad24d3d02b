"""Benchmarks of spacedb and of other servers with the same data on the same machine: `make bench`."""
