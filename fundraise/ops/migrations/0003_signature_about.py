"""A signature holds for one answer. Those given before this are for none: they are given anew."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ops", "0002_go_live")]

    operations = [
        migrations.AddField(
            model_name="golivesignature",
            name="about",
            field=models.CharField(
                default="", help_text="The answer it was given for, as a mark.", max_length=40
            ),
            preserve_default=False,
        ),
    ]
