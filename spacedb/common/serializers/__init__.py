"""The JSON forms of what every resource refers to, per API version."""
