"""Filter sets of Launch Library 2.1.0, by topic, as differences from 2.2.0."""
