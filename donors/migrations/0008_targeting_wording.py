"""The words of consent to targeting, for databases from before there were any."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from donors.wordings import FIRST, FIRST_DATE


def publish(apps: Any, schema_editor: Any) -> None:
    wording = apps.get_model("donors", "ConsentWording")
    for words in FIRST:
        wording.objects.get_or_create(
            purpose=words.purpose,
            version=1,
            defaults={"text_sv": words.sv, "text_en": words.en, "from_date": FIRST_DATE},
        )


class Migration(migrations.Migration):
    dependencies = [("donors", "0007_place")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
