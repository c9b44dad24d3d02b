"""Agencies: models and admin."""
