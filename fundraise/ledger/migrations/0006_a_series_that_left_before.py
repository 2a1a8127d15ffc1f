from pathlib import Path

from django.db import migrations, models


SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def mark(apps, schema_editor):
    apps.get_model("ledger", "Series").objects.filter(code="O").update(already_exported=True)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_what_existing_books_lack'),
    ]

    operations = [
        migrations.AddField(
            model_name='series',
            name='already_exported',
            field=models.BooleanField(default=False, help_text='Its journals stand in the bookkeeping program already: never in a 4I file.'),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop),
    ]
