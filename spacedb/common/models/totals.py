"""Totals that are stored and refreshed as a whole, never counted per request."""

from django.db import models


class LaunchTotals(models.Model):
    """How many launches there were; null where nobody has counted."""

    total_launch_count = models.IntegerField(null=True, blank=True, db_index=True)
    successful_launches = models.IntegerField(null=True, blank=True, db_index=True)
    failed_launches = models.IntegerField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


class LandingTotals(models.Model):
    """How many landings were tried and how they ended; null where nobody has counted."""

    attempted_landings = models.IntegerField(null=True, blank=True, db_index=True)
    successful_landings = models.IntegerField(null=True, blank=True, db_index=True)
    failed_landings = models.IntegerField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


class ConsecutiveLaunches(LaunchTotals, LandingTotals):
    """The launch and landing totals of who or what flies again and again."""

    pending_launches = models.IntegerField(null=True, blank=True, db_index=True, help_text="Launches yet to come.")
    consecutive_successful_launches = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Successes since the last failure."
    )
    consecutive_successful_landings = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Successes since the last failure."
    )

    class Meta:
        abstract = True
