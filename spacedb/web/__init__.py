"""Pages for people, and the health check."""
