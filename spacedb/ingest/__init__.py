"""Documents of Launch Library into the database: recognized, parsed, written in one transaction."""
