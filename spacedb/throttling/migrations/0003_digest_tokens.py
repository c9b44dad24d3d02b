"""Move the tokens of `rest_framework.authtoken`, which stores keys in plain text, to `throttling.Token`.

Clients keep their keys. The plain text is removed for good, so this migration cannot be reversed.
"""

import hashlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def digest_tokens(apps, schema_editor):
    connection = schema_editor.connection
    old_model, model = apps.get_model('throttling', 'PlainTextToken'), apps.get_model('throttling', 'Token')
    with connection.cursor() as cursor:
        if old_model._meta.db_table not in connection.introspection.table_names(cursor):
            return  # there is no table of rest_framework.authtoken
        if connection.vendor == 'sqlite':
            cursor.execute('PRAGMA secure_delete = ON')  # otherwise unused pages of the file contain the keys
    for old in old_model.objects.all():
        model.objects.create(user_id=old.user_id, digest=hashlib.sha256(old.key.encode()).hexdigest(), prefix=old.key[:8])
        model.objects.filter(user_id=old.user_id).update(created=old.created)
    schema_editor.delete_model(old_model)
    # The admin of the old app wrote keys into the history.
    content_types = apps.get_model('contenttypes', 'ContentType').objects.filter(app_label='authtoken')
    apps.get_model('admin', 'LogEntry').objects.filter(content_type__in=content_types).update(object_repr='Token')
    content_types.delete()  # with the permissions for the old models


class Migration(migrations.Migration):

    dependencies = [
        ('throttling', '0002_token'),
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        # Only for the lifetime of this migration, and without creating or deleting a table.
        migrations.CreateModel(
            name='PlainTextToken',
            fields=[
                ('key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('created', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={'managed': False, 'db_table': 'authtoken_token'},
        ),
        migrations.RunPython(digest_tokens),
        migrations.DeleteModel(name='PlainTextToken'),
    ]
