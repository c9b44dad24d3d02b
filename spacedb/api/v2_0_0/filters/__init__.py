"""Filter sets of Launch Library 2.0.0, by topic, as differences from 2.1.0."""
