"""`manage.py token USERNAME`: creates, renews or revokes an API token. A token gives a client its own rate limit."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from typing_extensions import override

from spacedb.throttling.models import Token


class Command(BaseCommand):
    help = (
        "Create an API token for a user and print it once, to be sent in the header `Authorization: Token …`. A user "
        "that does not exist is created without a password, and cannot log in to the admin."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", nargs="?", help="name of the user")
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--renew", action="store_true", help="create a new token; the old token stops working")
        action.add_argument("--revoke", action="store_true", help="delete the token")
        action.add_argument(
            "--list", action="store_true", help="print the beginning, day of creation and user of each token"
        )

    @transaction.atomic
    @override
    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        if options["list"] == (username is not None):
            raise CommandError("Specify either a USERNAME or --list.")
        if options["list"]:
            for token in Token.objects.select_related("user").order_by("user__username"):
                self.stdout.write(f"{token.prefix}…  {token.created:%Y-%m-%d}  {token.user}")
        elif options["revoke"]:
            if not Token.objects.filter(user__username=username).delete()[0]:
                raise CommandError(f"No token exists for user {username}.")
        else:
            self.stdout.write(self.issue(username, options["renew"]))

    def issue(self, username: str, renew: bool) -> str:
        """Return the key of a new token. Raises `CommandError` if the user has a token that is not to be renewed."""
        user = User.objects.filter(username=username).first() or self.create_user(username)
        old = Token.objects.filter(user=user).first()
        if old and not renew:
            raise CommandError(
                f"User {username} has a token: it begins with {old.prefix}, and was created on "
                f"{old.created:%Y-%m-%d}. It cannot be shown again. Use --renew to replace it."
            )
        if old:
            old.delete()
        return Token.issue(user)

    def create_user(self, username: str) -> User:
        user = User(username=username)
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        user.save()
        return user
