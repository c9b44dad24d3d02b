"""Admin of updates."""

from django.contrib import admin

from flights.models import Update
from spacedb.catalogue.admin import ResourceAdmin, ResourceInline


class UpdateInline(ResourceInline):
    """Updates about a launch or an event."""

    model = Update
    fields = ("created_on", "created_by", "comment", "info_url", "profile_image")
    ordering = ("-created_on", "-pk")
    template = "admin/edit_inline/stacked.html"  # the fields do not fit into one row
    classes = ("collapse",)


@admin.register(Update)
class UpdateAdmin(ResourceAdmin):
    list_display = ("summary", "subject", "created_on")
    list_select_related = ("launch", "event", "program")
    list_filter = (("program", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("comment", "created_by", "launch__name", "event__name", "program__name")
    date_hierarchy = "created_on"
    ordering = ("-created_on", "-id")
    fieldsets = (
        ("Subject", {"fields": ("launch", "event", "program")}),
        (None, {"fields": ("comment", "info_url", "created_by", "profile_image", "created_on")}),
    )

    @admin.display(description="Subject")
    def subject(self, update: Update) -> str:
        return ", ".join(str(subject) for subject in (update.launch, update.event, update.program) if subject)

    @admin.display(description="Comment", ordering="comment")
    def summary(self, update: Update) -> str:
        return str(update)
