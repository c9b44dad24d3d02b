"""Formats besides JSON and HTML: CSV, iCalendar and GeoJSON. Views declare which of them they support."""
