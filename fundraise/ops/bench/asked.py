"""People who may be asked, and an appeal to them whose words hold twelve merge values."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ops.demo import party
from fundraise.ops.seed import load
from fundraise.ops.seed.services import Plan, seed
from mailings.appeals.models import Appeal, Content, Link, Variant
from mailings.appeals.services import freezing
from mailings.composing.tags import Tag
from mailings.segments import asking

BY = "staff:bench"
FIELDS = ("ask1", "ask2", "ask3", "ask1_kr", "m", "u")
WITH_FALLBACK = ("first_name", "full_name", "town", "greeting", "last_sum", "last_date")
VALUES = (*FIELDS, *(Tag(name, True, "vän").name for name in WITH_FALLBACK))
FILLER = (
    '<tr><td style="padding:8px 24px;font-size:16px;line-height:1.5">Valet avgörs nu.</td></tr>'
)
BYTES = 11_500

_MEMBERS = """
  INSERT INTO donors_legalbasis (donor_id, purpose, basis, source, created_at, proof, informed_on,
                                 end_reason)
  SELECT d.id, 'appeals', 'membership', 'seed', now(), '', '2026-01-01', '' FROM donors_donor d
   WHERE NOT EXISTS (SELECT 1 FROM donors_legalbasis b WHERE b.donor_id = d.id
                        AND b.purpose = 'appeals')"""


def make_people(number: int) -> Campaign:
    """So many donors who may be asked for gifts; half of them have given."""
    entity = party.ensure_party()
    party.ensure_accounts(entity)
    campaign = party.ensure_campaign(entity, clock.today() - timedelta(days=300))
    seed(Plan(donors=number, gifts=number // 2, seed=1, add=True))
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS)
    load.keep_statistics("donors_legalbasis")
    asking.refresh()  # a job does so every minute
    load.keep_statistics("segments_profile")
    return campaign


def make_appeal(campaign: Campaign) -> Appeal:
    """Scheduled and due, its people frozen."""
    return frozen(due_appeal(campaign))


def frozen(appeal: Appeal) -> Appeal:
    """Its people chosen and kept."""
    if not freezing.freeze(appeal.pk):
        raise RuntimeError("the appeal was not frozen")
    appeal.refresh_from_db()
    return appeal


def due_appeal(campaign: Campaign) -> Appeal:
    """Scheduled, and due."""
    now = clock.now()
    appeal = Appeal.objects.create(
        campaign=campaign,
        title="Bench",
        created_at=now,
        created_by=BY,
        without_recent_days=0,
        without_monthly=False,
        ignores_cap=True,
        first_wave=0,
        quiet_reason="bench",
        needs_second=True,
        asked_by="staff:one",
        approved_by="staff:two",
    )
    variant = Variant.objects.create(appeal=appeal, letter="A")
    for language in Content.Language.values:
        _write(variant, language)
    Appeal.objects.filter(pk=appeal.pk).update(
        state="preparing", send_at=now, scheduled_at=now, local_time="2026-12-01T12:01"
    )
    return appeal


def _write(variant: Variant, language: str) -> None:
    said = "".join(f"<p>-fr_{name}-</p>" for name in VALUES)
    html = said + FILLER * ((BYTES - len(said)) // len(FILLER))
    content = Content.objects.create(
        variant=variant,
        language=language,
        changed_at=clock.now(),
        changed_by=BY,
        compiled_subject="Valet avgörs nu",
        compiled_html=html,
        compiled_text=html[:2000],
        compiled_at=clock.now(),
        tags=sorted(VALUES),
        from_email="hej@party.example",
        from_name="Partiet",
    )
    Link.objects.create(content=content, number=1, target="https://party.example/")
