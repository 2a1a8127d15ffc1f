from django.db import migrations


def ask(apps, schema_editor):
    """A refund that waits already gets its question."""
    refund = apps.get_model("gifts", "Refund")
    approval = apps.get_model("staff", "Approval")
    for row in refund.objects.filter(state="awaiting_second").select_related("gift"):
        approval.objects.get_or_create(
            kind="refund",
            subject_ref=row.ref,
            answer="",
            defaults={
                "entity_id": row.gift.entity_id,
                "asked_by": row.requested_by,
                "asked_at": row.created_at,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("gifts", "0003_received_stays"), ("staff", "0003_approvals")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
