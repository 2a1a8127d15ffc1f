from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0008_payout_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptcard",
            name="forgotten_at",
            field=models.DateTimeField(
                help_text="When the provider was asked to forget the payer, and had.", null=True
            ),
        ),
    ]
