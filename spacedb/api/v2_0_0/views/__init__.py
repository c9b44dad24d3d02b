"""Endpoints of Launch Library 2.0.0, by topic."""
