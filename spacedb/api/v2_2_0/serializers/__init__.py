"""Serializers of Launch Library 2.2.0, by topic."""
