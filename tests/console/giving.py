"""Monthly gifts in every state that a page shows: active, unsigned, and draws of each end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fundraise import bankdays, clock, crypto
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.pledges import schedule
from fundraise.pledges.models import (
    Collection,
    Instalment,
    Mandate,
    Notice,
    PayerRange,
    Pledge,
    PledgeChange,
)
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import e_mandates, mandates, starting
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from fundraise.providers.giro import agreeing, inbox
from fundraise.providers.giro.models import Agreement, InFile, InRow, Order, OutFile, Question
from fundraise.providers.models import Account

if TYPE_CHECKING:
    from tests.console.house import House

ANNA = Giver(name="Anna Givarsson", email="anna.givarsson@example.se", phone="070-174 06 06")
ACCOUNT = AccountDetails("8327000987654321"[:16], "191212121212")
HINT = "Swedbank ··4321"


@dataclass(frozen=True)
class Giving:
    """One monthly gift that runs, one that nobody signed, and a mandate of the Internet bank."""

    pledge: Pledge
    mandate: Mandate
    unsigned: Pledge
    e_mandate: Mandate
    change: PledgeChange
    agreement: Agreement
    out_file: OutFile
    doubt: OutFile
    in_file: InFile
    question: Question


def make_range(campaign: Campaign) -> None:
    """The payer numbers that are an entity's own."""
    PayerRange.objects.get_or_create(
        entity=campaign.entity, defaults={"first": 10_000_000, "last": 99_999_999}
    )


def make_pledge(campaign: Campaign, ore: int = 200_00, *, signed: bool = True) -> Pledge:
    """Anna's monthly gift, with her mandate."""
    new = NewPledge(campaign=campaign, amount_ore=ore, day=28, giver=ANNA)
    pledge = starting.start_pledge(new, NewAccount(ACCOUNT, HINT))
    if signed:
        mandate = pledge.mandates.get()
        signed_by = Signed("mail_link", {"mail": "<1@example.se>"})
        starting.sign(mandate.pk, signed_by, by=f"donor:{pledge.ref}")
    pledge.refresh_from_db()
    return pledge


def approve(pledge: Pledge, codes: str = "42+32") -> Mandate:
    """The bank says yes."""
    mandate = pledge.mandates.get(state__in=["created", "sent"])
    mandates.approved(mandate.pk, mandates.Said(codes, clock.today()))
    mandate.refresh_from_db()
    pledge.refresh_from_db()
    return mandate


def furnish_giving(campaign: Campaign, mark: str = "") -> Giving:
    """Everything that the pages of monthly giving show."""
    make_range(campaign)
    pledge = make_pledge(campaign)
    mandate = approve(pledge)
    unsigned = make_pledge(campaign, 300_00, signed=False)
    Pledge.objects.filter(pk=unsigned.pk).update(created_at=clock.now() - timedelta(days=3))
    this = schedule.period_of(clock.today())
    draw(pledge, mandate, schedule.add_months(this, -2), "failed", reason="1")
    draw(pledge, mandate, schedule.add_months(this, -1), "trying", reason="9")
    draw(pledge, mandate, schedule.add_months(this, 1), "queued")
    change = change_sum(pledge)
    seen = e_mandates.EMandate(campaign.entity_id, "55555551", ACCOUNT, HINT, event_id=f"{mark}1")
    return Giving(
        pledge,
        mandate,
        unsigned,
        e_mandates.receive_e_mandate(seen),
        change,
        *furnish_giro(campaign, mandate, mark),
    )


def draw(
    pledge: Pledge, mandate: Mandate, period: date, state: str, *, reason: str = ""
) -> Collection:
    """A month of a pledge with its draw, as far as it has come."""
    month = "missed" if state == "failed" else "collecting"
    notice = Notice.objects.filter(pledge=pledge).first()
    instalment = Instalment.objects.create(
        pledge=pledge,
        period=period,
        due_on=period.replace(day=27),
        amount_ore=pledge.amount_ore,
        state=month,
        reason=reason if month == "missed" else "",
        notice=notice,
        created_at=clock.now(),
    )
    return Collection.objects.create(
        instalment=instalment,
        mandate=mandate,
        number=1,
        amount_ore=pledge.amount_ore,
        due_on=instalment.due_on,
        state=state,
        reason=reason,
        created_at=clock.now(),
        sent_at=clock.now(),
        settled_at=clock.now() if state == "failed" else None,
    )


def change_sum(pledge: Pledge, before: int = 100_00) -> PledgeChange:
    """A sum that was raised by phone."""
    return PledgeChange.objects.create(
        pledge=pledge,
        kind="amount",
        before={"amount_ore": before},
        after={"amount_ore": pledge.amount_ore},
        by="staff:1",
        channel="phone",
        received_at=clock.now(),
        made_at=clock.now(),
    )


def by_phone() -> dict[str, Any]:
    """A wish that came by phone this morning."""
    return {"channel": "phone", "received_on": clock.today().isoformat(), "received_at": "00:00"}


def scanned(side: int = 900, kind: str = "PNG") -> SimpleUploadedFile:
    """A scan of a paper."""
    made = BytesIO()
    Image.new("L", (side, side), 255).save(made, kind)
    return SimpleUploadedFile("papper.png", made.getvalue(), "image/png")


def account_form() -> dict[str, Any]:
    """Björn's account, as he wrote it on paper."""
    today = clock.today().isoformat()
    return {
        "variant": "person",
        "account": "8327-9 123 456 789-7",
        "identity_number": "19121212-1212",
        "signed_on": today,
        "received_on": today,
        "scan": scanned(),
    }


def paper(house: House) -> dict[str, Any]:
    """A whole mandate on paper, with an account and a number that nobody else has."""
    return {
        **account_form(),
        "account": "6789 123 456 789",
        "identity_number": "19640823-3234",
        "campaign": house.campaign.pk,
        "amount_ore": "150",
        "interval_months": "1",
        "day": "28",
        "name": "Björn Testgren",
        "language": "sv",
    }


# --- Files ----------------------------------------------------------------------------------------
def furnish_giro(
    campaign: Campaign, mandate: Mandate, mark: str = ""
) -> tuple[Agreement, OutFile, OutFile, InFile, Question]:
    """An agreement with a file to approve, one in doubt, one that came, and a question about it."""
    agreement = make_agreement(campaign, "991-2346" if mark else "5050-1055")
    waiting = out_file(agreement, mandate, "waiting", 1)
    doubt = out_file(agreement, mandate, "doubt", 2)
    came = in_file(agreement, mark)
    inbox.take_in(f"{mark}TK00 not a file".encode(), by="staff:1", name="fel.txt")
    question = Question.objects.create(
        agreement=agreement, file=came, line=3, kind="r_missing", subject=f"{mark}55",
        payer_number="5555", differs="state", mandate=mandate, asked_at=clock.now(),
    )  # fmt: skip
    return agreement, waiting, doubt, came, question


def make_agreement(campaign: Campaign, bankgiro: str = "5050-1055") -> Agreement:
    """The entity's agreement about autogiro, carried by hand."""
    account = Account.objects.create(
        entity=campaign.entity, provider="autogiro", slug=f"bg-{bankgiro}", name="Autogiro",
        external_id=bankgiro, settings_prefix="AUTOGIRO",
    )  # fmt: skip
    return agreeing.begin(account, by="system:test")


CONTENT = b"01AUTOGIRO ..."


def out_file(agreement: Agreement, mandate: Mandate, state: str, serial: int) -> OutFile:
    """A file of today, as far as it has come."""
    file = OutFile(
        agreement=agreement, kind="changes", day=bankdays.on_or_before(clock.today()),
        serial=serial, name=f"bfep.{serial}", sha256=bytes(32), size=len(CONTENT),
        orders_number=1, sum_ore=200_00, deadline=clock.now() + timedelta(days=2), state=state,
        built_at=clock.now(), built_by="system:autogiro",
    )  # fmt: skip
    file.sealed = crypto.seal(CONTENT, context=f"giro-out:{file.ref}")
    file.save()
    draw = mandate.collections.order_by("pk")[serial - 1]
    Order.objects.create(
        file=file, line=2, kind="cancel", day=file.day, mandate=mandate, collection=draw
    )
    return file


def in_file(agreement: Agreement, mark: str = "") -> InFile:
    """A payment specification that was worked in, with a row of another system."""
    digest = f"{mark}{agreement.pk}".rjust(32, "0").encode()[:32]
    file = InFile.objects.create(
        agreement=agreement, kind="payment_specification", name="BFEP.UBAGS.txt", sha256=digest,
        sealed=b"-", size=160, via="page", taken_by="staff:1", received_at=clock.now(),
        keep_until=date(2033, 12, 31), written_on=clock.today(), state="applied",
        applied_at=clock.now(), rows_number=2, counts={"applied": 1, "other": 1},
        ours_ore=200_00, other_ore=100_00,
    )  # fmt: skip
    for line, result in ((2, "applied"), (3, "other")):
        InRow.objects.create(
            file=file, line=line, kind="82", key=f"{agreement.pk}-{line}".rjust(16, "0").encode(),
            code="0", amount_ore=200_00 if line == 2 else 100_00, day=clock.today(), result=result,
        )  # fmt: skip
    return file
