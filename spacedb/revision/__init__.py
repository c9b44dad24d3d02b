"""The revision of the data, which every write raises, and snapshots that are read at one revision."""
