"""Connections to databases: their settings, their errors, and the time limit of their queries."""
