"""A random ref for each payout: the only id of it that leaves the house."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from fundraise.refs import new_ref


def give_refs(apps: Any, schema_editor: Any) -> None:
    payouts = apps.get_model("providers", "Payout").objects
    for pk in payouts.values_list("pk", flat=True).iterator():
        payouts.filter(pk=pk).update(ref=new_ref())


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_pause")]

    operations = [
        migrations.AddField(
            "payout", "ref", models.UUIDField(editable=False, null=True, default=None)
        ),
        migrations.RunPython(give_refs, migrations.RunPython.noop),
        migrations.AlterField(
            "payout", "ref", models.UUIDField(default=new_ref, editable=False, unique=True)
        ),
    ]
