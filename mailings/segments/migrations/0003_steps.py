"""The days and sums of gifts in the profiles, and what keeps them (the SQL beside this file)."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0009_left_alone"),
        ("segments", "0002_profile"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="steps",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="counts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_ore__lt", 70368744177664)),
                name="profile_steps_hold_sums",
            ),
        ),
        migrations.AddIndex(
            model_name="mailstanding",
            index=models.Index(
                condition=models.Q(("last_human_click_at__isnull", False)),
                fields=["donor"],
                include=("last_human_click_at",),
                name="mail_standing_clicked",
            ),
        ),
        migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop),
    ]
