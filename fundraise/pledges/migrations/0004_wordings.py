"""The mandate's text as Bankgirot has it, first version, in Swedish and English.

A person and an organisation with a bank account agree to the same words; a bankgiro number has its
own first sentence. The files are never changed: new words are a new version beside them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TEXTS = Path(__file__).resolve().parent.parent / "wordings"
FILES = {"person": "account", "organisation": "account", "bankgiro": "bankgiro"}
SOURCE = "Bankgirot's text for mandate forms, as payees publish it"


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    wordings = apps.get_model("pledges", "MandateWording")
    for variant, file in FILES.items():
        for language in ("sv", "en"):
            wordings.objects.create(
                variant=variant,
                language=language,
                version=1,
                text=(TEXTS / f"{file}-1.{language}.txt").read_text(encoding="utf-8"),
                source=SOURCE,
                valid_from=date(2020, 1, 1),
            )


class Migration(migrations.Migration):
    dependencies = [("pledges", "0003_words")]
    operations = [migrations.RunPython(put, migrations.RunPython.noop)]
