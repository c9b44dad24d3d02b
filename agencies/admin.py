"""Admin of agencies and agency types."""

from django.contrib import admin

from agencies.models import Agency, AgencyType
from spacedb.catalogue.admin import ConfigAdmin, ResourceAdmin
from spacedb.common.admin import LAUNCH_AND_LANDING_TOTALS, older_versions_fieldset, totals_fieldset

admin.site.register(AgencyType, ConfigAdmin)


@admin.register(Agency)
class AgencyAdmin(ResourceAdmin):
    list_display = ("name", "abbrev", "type", "parent", "featured", "founding_year", "total_launch_count")
    list_filter = ("featured", "type", ("country", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "abbrev", "administrator")
    fieldsets = (
        (None, {"fields": ("name", "abbrev", "type", "featured", "country", "parent", "founding_year")}),
        ("About", {"fields": ("description", "administrator", "launchers", "spacecraft")}),
        ("Images", {"fields": ("image", "logo", "social_logo")}),
        ("Links", {"fields": ("info_url", "wiki_url", "social_media_links")}),
        totals_fieldset(
            *LAUNCH_AND_LANDING_TOTALS,
            "attempted_landings_spacecraft",
            "successful_landings_spacecraft",
            "failed_landings_spacecraft",
            "attempted_landings_payload",
            "successful_landings_payload",
            "failed_landings_payload",
        ),
        older_versions_fieldset("launch_library_url", "nation_url"),
    )
