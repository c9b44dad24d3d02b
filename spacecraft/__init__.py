"""Spacecraft, their configurations and families: models and admin."""
