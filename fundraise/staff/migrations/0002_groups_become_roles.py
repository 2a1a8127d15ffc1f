from django.db import migrations
from django.utils import timezone


def give(apps, schema_editor):
    """Who was in a group has that role for every entity at the top, with its districts."""
    held = apps.get_model("staff", "RoleHeld")
    tops = list(apps.get_model("ledger", "LegalEntity").objects.filter(parent=None))
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["treasurer", "comms"]):
        for user in group.user_set.all():
            for entity in tops:
                held.objects.create(
                    user=user,
                    role=group.name,
                    entity=entity,
                    with_districts=True,
                    given_at=timezone.now(),
                    given_by="system:migration",
                )
        group.delete()


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_roles"), ("console", "0001_groups")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
