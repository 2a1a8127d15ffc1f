"""Templates with their versions, and the library of pictures."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class Template(models.Model):
    """A mail to begin from: what is being written (`sheets`, by language) and its kept versions."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="mail_templates")
    name = models.CharField(max_length=90)
    sheets = models.JSONField(default=dict)
    edition = models.PositiveIntegerField(
        default=1, help_text=_("Counts saves, so that two open pages don't overwrite each other.")
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["entity", "name"],
                condition=Q(archived_at=None),
                name="template_name_once_per_entity",
            ),
            CheckConstraint(condition=~Q(name=""), name="template_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """A template as it stood when it was kept. The database refuses to change or delete it."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sheets = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            CheckConstraint(condition=Q(number__gte=1), name="template_versions_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id}:{self.number}"


class Picture(models.Model):
    """A picture for mails. Its file is named by its content and shown to the world for good."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="mail_pictures")
    name = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    alt_sv = models.CharField(max_length=200)
    alt_en = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "name"], name="picture_once_per_entity"),
            CheckConstraint(condition=~Q(alt_sv=""), name="picture_has_words"),
            CheckConstraint(
                condition=Q(name__regex=r"^[0-9a-f]{32}\.(jpg|png)$"), name="picture_name_is_a_hash"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def alt(self, language: str) -> str:
        """The words for who can't see it."""
        return self.alt_en or self.alt_sv if language == "en" else self.alt_sv
