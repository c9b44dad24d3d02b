"""The database backend of PostgreSQL, and the time limit of its statements."""
