"""The HTTP server: a gunicorn worker that slow and expensive requests cannot block."""
