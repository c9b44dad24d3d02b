"""Text in tables that spreadsheets open."""

FORMULA_CHARACTERS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""First characters of cells that spreadsheets may execute (https://owasp.org/www-community/attacks/CSV_Injection)."""


def escape_formula(text: str) -> str:
    """The text, after an apostrophe if a spreadsheet may execute it."""
    return f"'{text}" if text[:1] in FORMULA_CHARACTERS else text
