"""The limits of searches, in the API and in the admin."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import smart_split

MAX_SEARCH_LENGTH = 1000
MAX_SEARCH_TERMS = 20
TOO_MANY_TERMS = f"Ensure this has at most {MAX_SEARCH_TERMS} terms."


def check_terms(search: str) -> None:
    """Raise `ValidationError` if the admin would search for too many terms."""
    if len(list(smart_split(search))) > MAX_SEARCH_TERMS:
        raise ValidationError(TOO_MANY_TERMS)


class SearchForm(forms.Form):
    """The search of a change list. Django shows its errors, and the list without the search."""

    q = forms.CharField(required=False, strip=False, max_length=MAX_SEARCH_LENGTH, validators=[check_terms])
