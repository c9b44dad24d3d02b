"""A collection is as the source has it that was applied last: of several, the one that was read last is kept."""

from django.db import migrations, models


def keep_latest(apps, schema_editor):
    collections = apps.get_model("mirror", "MirroredCollection").objects.order_by("-ended")
    seen = set()
    for collection in collections:
        if collection.name in seen:
            collection.delete()
        seen.add(collection.name)


class Migration(migrations.Migration):
    dependencies = [("mirror", "0001_initial")]

    operations = [
        migrations.RunPython(keep_latest, migrations.RunPython.noop),
        migrations.RemoveConstraint("mirroredcollection", "unique_mirrored_collection"),
        migrations.AlterField(
            "mirroredcollection",
            "name",
            models.CharField(help_text="The endpoint, below the root.", max_length=100, unique=True),
        ),
        migrations.AddField(
            "mirroredcollection",
            "missing",
            models.JSONField(
                blank=True,
                default=list,
                help_text="The ids of the source's objects that were here and on none of its pages.",
            ),
        ),
        migrations.AlterField(
            "mirroredcollection",
            "digest",
            models.CharField(help_text="SHA-256 of our version and of the SHA-256 of all its pages.", max_length=64),
        ),
    ]
