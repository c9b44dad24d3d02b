"""Launch Library 2.0.0: differences from 2.1.0."""

from spacedb.api import v2_1_0
from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_0_0.views.launcher_configurations import LauncherConfigViewSet
from spacedb.api.v2_0_0.views.launches import LaunchViewSet, PreviousLaunchViewSet, UpcomingLaunchViewSet
from spacedb.rest.help_text import plain_help_text
from spacedb.rest.versions import Version

ADDED_LATER = (
    "config/agencytype",
    "config/astronautrole",
    "config/astronautstatus",
    "config/astronauttype",
    "config/dockinglocation",
    "config/eventtype",
    "config/firststagetype",
    "config/landinglocation",
    "config/launchstatus",
    "config/missiontype",
    "config/noticetype",
    "config/orbit",
    "config/roadclosurestatus",
    "config/spacecraftstatus",
    "config/spacestationstatus",
    "dashboard/starship",
)
"""Endpoints that version 2.1.0 added."""

VERSION = Version(
    "2.0.0",
    DERIVED.endpoints(v2_1_0.VERSION.endpoints, without=ADDED_LATER)
    | {
        "config/launcher": LauncherConfigViewSet,
        "launch": LaunchViewSet,
        "launch/previous": PreviousLaunchViewSet,
        "launch/upcoming": UpcomingLaunchViewSet,
    },
    base=v2_1_0.VERSION,
    help_text=plain_help_text,
)
