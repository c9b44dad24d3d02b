"""Admin of API tokens."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from typing_extensions import override

from spacedb.throttling.models import Token


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Admin of tokens. A new key is shown once, in a message; there is nothing to edit."""

    list_display = ("user", "prefix", "created")
    search_fields = ("user__username", "prefix")
    ordering = ("user__username",)
    fields = ("user",)
    autocomplete_fields = ("user",)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False

    @override
    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        key = obj.set_key()
        super().save_model(request, obj, form, change)
        # The next page shows the message. Until then it is in a cookie of the editor, not on the server.
        text = f"The token of {obj.user} is {key}. Copy it now: it cannot be shown again."
        self.message_user(request, text, messages.WARNING)
