"""A house with people who may be asked, an appeal that can go, and a sender that forgets nothing.

`Fake` stands for a sender without idempotency keys: it takes a request, or says what it is told to
say, or takes it and loses the answer. What it has delivered is counted by address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal, Batch, Content, Link, Variant
from mailings.appeals.services import drafting, freezing, preparing, scheduling, sending, waves
from mailings.senders.base import BulkError, BulkOutcome, BulkRequest, SendResult
from tests.people import CECILIA, make_campaign, make_party

HTML = (
    '<p>Hej -fr_first_name_h-</p><a href="http://localhost:8000/l/-fr_m-/1?belopp=-fr_ask1_kr-">'
    '-fr_ask1-</a><a href="http://localhost:8000/avregistrera/-fr_u-">Avregistrera</a>'
)
TEXT = (
    "Hej -fr_first_name-! Ge -fr_ask1-: http://localhost:8000/l/-fr_m-/1\n"
    "Avregistrera: http://localhost:8000/avregistrera/-fr_u-\n" + "Valet avgörs nu. " * 15
)
TAGS = ["ask1", "ask1_kr", "first_name", "first_name_h", "m", "u"]
DAVID = "staff:david"

Answer = Callable[[BulkRequest], BulkError | None]


class Fake:
    """The sender of these tests, named by settings.MAIL_SENDERS["fake"]."""

    name: ClassVar[str] = "fake"
    most: ClassVar[int] = 5
    recalls: ClassVar[bool] = True
    reports: ClassVar[bool] = False
    idempotent: ClassVar[bool] = False
    delivered: ClassVar[Counter[str]] = Counter()
    requests: ClassVar[list[BulkRequest]] = []
    fences: ClassVar[set[str]] = set()  # of requests that were taken
    held: ClassVar[dict[str, list[str]]] = {}  # recall name → addresses that wait
    recalled: ClassVar[list[str]] = []
    answer: ClassVar[Answer] = staticmethod(lambda _request: None)
    lose: ClassVar[bool] = False

    @classmethod
    def anew(cls) -> None:
        cls.delivered, cls.requests, cls.fences = Counter(), [], set()
        cls.held, cls.recalled = {}, []
        cls.answer = staticmethod(lambda _request: None)
        cls.most, cls.idempotent, cls.reports = 5, False, False

    def post(self, request: BulkRequest) -> SendResult:
        Fake.requests.append(request)
        error = Fake.answer(request)
        if error is not None and error.outcome is not BulkOutcome.UNKNOWN:
            raise error
        addresses = [person.to for person in request.people]
        if error is None or str(error) != "not taken":
            Fake.fences.add(request.key)
            if request.recall_id:
                Fake.held.setdefault(request.recall_id, []).extend(addresses)
            else:
                Fake.delivered.update(addresses)
        if error is not None:
            raise error
        return SendResult(f"ref-{request.key[:8]}")

    def new_recall_id(self) -> str:
        return f"recall-{len(Fake.held) + len(Fake.recalled) + len(Fake.requests)}"

    def recall(self, recall_id: str) -> None:
        Fake.recalled.append(recall_id)
        Fake.held.pop(recall_id, None)


def use_fake() -> None:
    """Let appeals go through Fake; pytest's `settings` puts back what was."""
    Fake.anew()
    settings.MAIL_SENDERS = settings.MAIL_SENDERS | {"fake": f"{__name__}.Fake"}
    settings.APPEAL_SENDER = "fake"


def house() -> Campaign:
    return make_campaign(make_party())


def person(number: int, *, email: str = "", language: str = "sv") -> Donor:
    """Somebody who may be asked for gifts."""
    donor = donors.register_donor(
        name=PersonName(f"Anna{number}", "Lind"),
        language=language,
        source="import",
        by=CECILIA,
        email=email or f"anna{number}@example.org",
    )
    donors.record_membership(
        donor_id=donor.pk, purposes=["appeals"], informed_on=date(2026, 1, 1), source="import",
        by=CECILIA,
    )  # fmt: skip
    return donor


def people(number: int) -> list[Donor]:
    return [person(n) for n in range(number)]


def written(
    campaign: Campaign, *, languages: Iterable[str] = ("sv", "en"), **options: Any
) -> Appeal:
    """A draft with words in it."""
    appeal = drafting.new_appeal(campaign=campaign, title="Sista veckan", by=CECILIA, **options)
    for language in languages:
        write(appeal.variants.get(), language)
    return appeal


def write(variant: Variant, language: str = "sv", html: str = HTML) -> Content:
    """Words as the editor leaves them."""
    content = Content.objects.create(
        variant=variant,
        language=language,
        changed_at=clock.now(),
        changed_by=CECILIA,
        subject="Valet avgörs nu",
        compiled_subject="Valet avgörs nu",
        compiled_html=html,
        compiled_text=TEXT,
        compiled_at=clock.now(),
        tags=TAGS,
        problems=[],
        from_email="hej@party.example",
        from_name="Framtidspartiet",
    )
    Link.objects.create(content=content, number=1, target="https://party.example/valet/")
    return content


def scheduled(appeal: Appeal) -> Appeal:
    """Due now, with its second person's yes where one is asked for."""
    done = scheduling.schedule(appeal.ref, local_time="", by=CECILIA, quiet_reason="prov")
    if done.needs_second:
        scheduling.approve(appeal.ref, by=DAVID)
    Appeal.objects.filter(pk=appeal.pk).update(cool_off_until=clock.now())
    return Appeal.objects.get(pk=appeal.pk)


def frozen(appeal: Appeal, ids: list[int] | None = None) -> Appeal:
    """Begun, and its people chosen."""
    assert scheduling.claim_due(clock.now()) == [appeal.pk]
    assert freezing.freeze(appeal.pk, ids)
    return Appeal.objects.get(pk=appeal.pk)


def prepared(appeal: Appeal) -> Appeal:
    """Frozen, and every chunk prepared."""
    frozen(scheduled(appeal))
    while preparing.prepare_next(appeal.pk):
        pass
    preparing.prepared(appeal.pk)
    return Appeal.objects.get(pk=appeal.pk)


def released(appeal: Appeal) -> Appeal:
    """Prepared, and the first wave let go."""
    made = prepared(appeal)
    assert waves.release_next(appeal.pk)
    return made


def released_before(ago: timedelta, campaign: Campaign, **options: Any) -> Appeal:
    """Written, prepared, and the first wave let go, so long ago."""
    clock.use(lambda: -ago)
    try:
        return released(written(campaign, **options))
    finally:
        clock.use(None)


def send_all(appeal: Appeal) -> int:
    """Send until there is none to send."""
    sent = 0
    while sending.send_next(appeal.pk):
        sent += 1
    return sent


def states(appeal: Appeal) -> Counter[str]:
    return Counter(Batch.objects.filter(appeal=appeal).values_list("state", flat=True))


def fence(batch: Batch) -> UUID:
    batch.refresh_from_db()
    assert batch.fence is not None
    return batch.fence
