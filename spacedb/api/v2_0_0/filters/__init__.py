"""Filter sets of Launch Library 2.0.0, by topic: where they differ from 2.2.0."""
