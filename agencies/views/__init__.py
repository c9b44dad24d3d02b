"""The endpoints of agencies, per API version."""
