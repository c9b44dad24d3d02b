"""`manage.py token NAME`: what a client sends to be told from the anonymous, and to have a limit of its own."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rest_framework.authtoken.models import Token


class Command(BaseCommand):
    help = (
        "Print the token of a user of the API, for `Authorization: Token …`. A user who is not there yet is made, "
        "without a password: such a user can ask, and not log in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="who the token is for")
        parser.add_argument("--renew", action="store_true", help="make another; the one there was is worth nothing now")
        parser.add_argument("--revoke", action="store_true", help="take the token back")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if options["revoke"]:
            if not Token.objects.filter(user=user).delete()[0]:
                raise CommandError(f"There is no token for {options['name']}.")
            return
        if user is None:
            user = User(username=options["name"])
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
