"""`manage.py token USERNAME`: prints, renews or revokes an API token. A token gives a client its own rate limit."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rest_framework.authtoken.models import Token
from typing_extensions import override


class Command(BaseCommand):
    help = (
        "Print the API token of a user, to be sent in the header `Authorization: Token …`. A user that does not exist "
        "is created without a password, and cannot log in to the admin."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="name of the user")
        parser.add_argument("--renew", action="store_true", help="create a new token; the old token stops working")
        parser.add_argument("--revoke", action="store_true", help="delete the token")

    @transaction.atomic
    @override
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if options["revoke"]:
            if not Token.objects.filter(user=user).delete()[0]:
                raise CommandError(f"No token exists for user {options['username']}.")
            return
        if user is None:
            user = User(username=options["username"])
            user.set_unusable_password()
            try:
                user.full_clean()
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from error
            user.save()
        if options["renew"]:
            Token.objects.filter(user=user).delete()
        token, _ = Token.objects.get_or_create(user=user)
        self.stdout.write(token.key)
