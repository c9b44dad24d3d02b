"""The time, and waiting; another clock makes a test of hours take none."""

import datetime as dt
import time


class Clock:
    """Signals end a sleep by raising."""

    def now(self) -> float:
        """Seconds since some moment, for spans of time: whoever sets the system's clock does not change them."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def moment(self) -> dt.datetime:
        """The time of day, in UTC."""
        return dt.datetime.now(dt.UTC)


def duration(seconds: float) -> str:
    """In words, to what matters: `45 s`, `3 min`, `2 h 10 min`, `4 d 2 h`."""
    if seconds < 60:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
