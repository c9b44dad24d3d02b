"""Admin of API tokens."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from rest_framework.authtoken.admin import TokenAdmin
from rest_framework.authtoken.models import TokenProxy
from typing_extensions import override

admin.site.unregister(TokenProxy)


@admin.register(TokenProxy)
class ClientTokenAdmin(TokenAdmin):
    """Admin of tokens that logs the user of a token, as Django would log the token itself."""

    @override
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_addition(request, obj.user, message)

    @override
    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_change(request, obj.user, message)

    @override
    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        users = get_user_model()._default_manager.filter(pk__in=[token.user_id for token in queryset])
        return super().log_deletions(request, users)
