"""The endpoints of spacecraft, their configurations and families, per API version."""
