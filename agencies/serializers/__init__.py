"""The JSON forms of agencies, per API version."""
