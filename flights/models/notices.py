"""Types of notices and statuses of road closures. The API does not serve the notices and closures themselves."""

from spacedb.catalogue.models import NamedResource


class NoticeType(NamedResource):
    """A notice type, such as Notice to Airmen or Notice to Mariners."""

    class Meta:
        verbose_name = "Notice Type"


class RoadClosureStatus(NamedResource):
    """A road closure status, such as Scheduled, Possible or Revoked."""

    class Meta:
        verbose_name = "Road Closure Status"
        verbose_name_plural = "Road Closure Statuses"
