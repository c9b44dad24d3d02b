"""Errors of an export."""


class ExportError(Exception):
    """The export cannot be written. The files of an earlier export are as they were."""
