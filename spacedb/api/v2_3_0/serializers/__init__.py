"""Serializers of Launch Library 2.3.0, by topic."""
