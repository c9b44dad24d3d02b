"""Clock and sleep of the mirror. Tests replace them, so that hours of waiting take no time."""

import datetime as dt
import time


class Clock:
    """The clock of the system. A signal handler ends a sleep by raising an exception."""

    def monotonic(self) -> float:
        """Seconds for measuring intervals. Changes of the system's clock do not affect it."""
        return time.monotonic()

    def now(self) -> dt.datetime:
        """The current time, in UTC."""
        return dt.datetime.now(dt.UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def format_duration(seconds: float) -> str:
    """A duration in its one or two largest units: `45 s`, `3 min`, `2 h 10 min`, `4 d 2 h`."""
    if seconds < 60:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
