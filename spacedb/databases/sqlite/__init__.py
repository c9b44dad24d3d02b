"""The database backend of SQLite."""
