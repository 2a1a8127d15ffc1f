"""Books that are open already get the accounts and series that came with the treasurer's part.

An account whose number is taken keeps its meaning: the role is left without one, and staff give it
a number (docs/reconciliation.md).
"""

from django.db import migrations

ACCOUNTS = [
    ("owed_by_entity", 1660, "Fordran på annan förening i partiet"),
    ("own_transfer", 1690, "Pengar på väg mellan egna konton"),
    ("opening", 2010, "Eget kapital och ingående balans"),
    ("loan", 2390, "Lån"),
    ("owed_to_entity", 2860, "Skuld till annan förening i partiet"),
    ("sales", 3050, "Försäljning"),
    ("lottery", 3060, "Lotterier"),
    ("membership", 3110, "Medlemsavgifter"),
    ("public_support", 3985, "Offentligt stöd"),
    ("within_party", 3988, "Bidrag inom partiet"),
    ("other_income", 3990, "Övriga intäkter"),
    ("interest", 8310, "Ränteintäkter"),
]
SERIES = [("B", "Bank"), ("O", "Före start")]


def fill(apps, schema_editor):
    entity_model = apps.get_model("ledger", "LegalEntity")
    account = apps.get_model("ledger", "Account")
    series = apps.get_model("ledger", "Series")
    for entity in entity_model.objects.all():
        account.objects.bulk_create(
            [account(entity=entity, role=r, number=n, name=name) for r, n, name in ACCOUNTS],
            ignore_conflicts=True,
        )
        series.objects.bulk_create(
            [series(entity=entity, code=code, name=name) for code, name in SERIES],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_accounts_of_the_treasurer")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
