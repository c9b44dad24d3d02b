"""Endpoints of Launch Library 2.1.0, by topic."""
