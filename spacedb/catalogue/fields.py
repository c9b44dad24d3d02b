"""Model fields for text of any length.

Launch Library's data exceed the lengths that its OpenAPI document specifies. So `max_length` is documentation here: the
OpenAPI document and strict ingest use it, and neither the database nor the forms of the admin limit the text.
"""

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from typing_extensions import override


class UnlimitedMixin(models.Field):  # type: ignore[type-arg]
    """A text field whose `max_length` is not enforced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators = [each for each in self.validators if not isinstance(each, MaxLengthValidator)]

    @override
    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(*args, **{"max_length": None} | kwargs)


class UnlimitedVarcharMixin(UnlimitedMixin):
    """The same for fields that Django stores as `varchar(max_length)`."""

    @override
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "varchar"

    @override
    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        # bulk_update() casts, and a cast to varchar(n) would truncate.
        return "varchar"


if TYPE_CHECKING:  # the plugin of mypy derives the types of attributes from Django's own classes
    CharField, SlugField, TextField, URLField = models.CharField, models.SlugField, models.TextField, models.URLField
else:

    class CharField(UnlimitedVarcharMixin, models.CharField):
        """A line of text."""

    class SlugField(UnlimitedVarcharMixin, models.SlugField):
        """A slug."""

    class URLField(UnlimitedVarcharMixin, models.URLField):
        """The URL of a page or an image."""

    class TextField(UnlimitedMixin, models.TextField):
        """A text of several lines."""
