"""Abstract models with stored totals. They are never counted per request."""

from django.db import models


class LaunchTotals(models.Model):
    """Abstract model with launch totals; null if they were never counted."""

    total_launch_count = models.IntegerField(null=True, blank=True, db_index=True)
    successful_launches = models.IntegerField(null=True, blank=True, db_index=True)
    failed_launches = models.IntegerField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


class LandingTotals(models.Model):
    """Abstract model with totals of attempted landings; null if they were never counted."""

    attempted_landings = models.IntegerField(null=True, blank=True, db_index=True)
    successful_landings = models.IntegerField(null=True, blank=True, db_index=True)
    failed_landings = models.IntegerField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


class ConsecutiveLaunches(LaunchTotals, LandingTotals):
    """Abstract model with launch and landing totals, pending launches and current success streaks."""

    pending_launches = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number of launches that have not taken place yet."
    )
    consecutive_successful_launches = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Successful launches since the last failure."
    )
    consecutive_successful_landings = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Successful landings since the last failure."
    )

    class Meta:
        abstract = True
