"""The endpoints of flights, per API version."""
