"""Whom a finished appeal reached is kept, and stays true (the SQL beside this file)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).with_suffix('.sql').read_text(encoding='utf-8')


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0014_excused'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reached',
            fields=[
                ('appeal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='appeals.appeal')),
                ('bits', models.BinaryField()),
            ],
        ),
        migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop),
    ]
