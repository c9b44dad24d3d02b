"""Admin of updates."""

from django.contrib import admin

from flights.models import Update
from spacedb.catalogue.admin import ResourceAdmin


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
