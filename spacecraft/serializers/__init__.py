"""The JSON forms of spacecraft, their configurations and families, per API version."""
