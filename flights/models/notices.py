"""Notices and road closures about launch sites, of which the API tells the kinds alone."""

from spacedb.catalogue.models import NamedResource


class NoticeType(NamedResource):
    """What a notice warns of: to airmen, to mariners."""

    class Meta:
        verbose_name = "Notice Type"


class RoadClosureStatus(NamedResource):
    """Whether a road to a launch site will be closed: scheduled, revoked, possible."""

    class Meta:
        verbose_name = "Road Closure Status"
        verbose_name_plural = "Road Closure Statuses"
