"""Numbers and times in the messages of the mirror."""

import datetime as dt


def count_of(number: int, singular: str, plural: str = "") -> str:
    """`1 page`, `2 pages`. Without `plural`, an s is appended."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def describe_postponement(until: dt.datetime) -> str:
    return f"The daily budget is used up. The next request is possible at {until:%Y-%m-%d %H:%M} UTC."
