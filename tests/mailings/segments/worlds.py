"""Random people, written to the database and told as plain records at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from donors import normalise
from donors.models import ConsentWording, ContactPoint, Donor, DonorTag, LegalBasis, Tag
from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Instalment, Mandate, Pledge
from mailings.segments.models import MailStanding
from mailings.segments.reference import Basis, Gave, Person, Promise
from tests.people import make_campaign, make_fund, make_party

TODAY = date(2026, 11, 26)
POSTCODES = ["11455", "11122", "41301", "90325", "12345"]
TOWNS = ["stockholm", "göteborg", "umeå"]
CHANNELS = ["card", "swish", "bank", "autogiro"]
TAGS = ["styrelse", "fest 2025"]
SOURCES = ["gift_page", "import", "gift:12ab"]
PURPOSES = ["register", "appeals", "targeting", "kalas"]


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), clock.STOCKHOLM)


def move_today() -> None:
    clock.use(lambda: at(TODAY) - clock.real_now())


class Town:
    """Everybody, three campaigns (two for one fund), and a fund that no campaign is for."""

    def __init__(self, seed: int, number: int) -> None:
        self.rng = Random(seed)
        self.party = make_party()
        young = make_fund(self.party)
        self.campaigns = [
            make_campaign(self.party), make_campaign(self.party, "klimat", fund=young),
            make_campaign(self.party, "skolor", fund=young),
        ]  # fmt: skip
        self.refs = [str(campaign.ref) for campaign in self.campaigns]
        unused = make_fund(self.party, "Lokalen", "The hall")
        self.funds = [str(fund.ref) for fund in (self.campaigns[0].fund, young, unused)]
        self.tags = [
            Tag.objects.create(label=name, key=name, created_at=at(TODAY)) for name in TAGS
        ]
        self.people: dict[int, Person] = {}
        for _ in range(number):
            self._person()

    def day(self, back: int = 1200) -> date:
        """Often a day on which a period ends."""
        if self.rng.random() < 0.3:
            edges = [TODAY, TODAY - timedelta(30), TODAY - timedelta(31), date(2025, 12, 31),
                     date(2026, 1, 1), date(2025, 1, 1), date(2025, 11, 26)]  # fmt: skip
            return self.rng.choice(edges)
        return TODAY - timedelta(days=self.rng.randrange(back))

    def _person(self) -> None:
        rng = self.rng
        kind, language = rng.choice(["person", "person", "organisation"]), rng.choice(["sv", "en"])
        known, status = self.day(), rng.choice(["active"] * 8 + ["restricted"])
        no_contact = at(known) if rng.random() < 0.05 else None
        donor = Donor.objects.create(
            kind=kind, language=language, status=status, source=rng.choice(SOURCES),
            name_sealed=b"x", name_hash=b"x", created_at=at(known), no_contact_at=no_contact,
        )  # fmt: skip
        person = Person(
            ref=donor.ref, kind=kind, language=language, source=donor.source, known=known,
            usable=status == "active" and no_contact is None,
        )  # fmt: skip
        person = replace(
            person,
            tags=self._tagged(donor),
            bases=self._bases(donor),
            gifts=self._gifts(donor),
            pledges=self._pledges(donor),
        )
        self.people[donor.pk] = self._mailed(donor, self._reached(donor, person))

    def _reached(self, donor: Donor, person: Person) -> Person:
        rng = self.rng
        has_email = rng.random() < 0.8
        if has_email or rng.random() < 0.5:
            self._point(donor, "email", state="unconfirmed" if has_email else "bouncing")
        if rng.random() < 0.4:
            return replace(person, has_email=has_email)
        postcode, town = rng.choice(POSTCODES), rng.choice(TOWNS)
        country = rng.choice(["SE", "SE", "NO"])
        self._point(donor, "postal", postcode=postcode, town=town, country=country)
        return replace(
            person, has_email=has_email, has_address=True, postcode=postcode, town=town,
            country=country,
        )  # fmt: skip

    def _point(self, donor: Donor, kind: str, **more: str) -> None:
        ContactPoint.objects.create(
            donor=donor, kind=kind, value_sealed=b"x", value_hash=uuid4().bytes, is_primary=True,
            source="x", created_at=at(TODAY), **more,
        )  # fmt: skip

    def _tagged(self, donor: Donor) -> frozenset[str]:
        some = [tag for tag in self.tags if self.rng.random() < 0.3]
        for tag in some:
            DonorTag.objects.create(donor=donor, tag=tag, by="x", at=at(TODAY), source="x")
        return frozenset(normalise.name_key(tag.label) for tag in some)

    def _bases(self, donor: Donor) -> tuple[Basis, ...]:
        found = []
        for purpose in PURPOSES:
            for basis in ("consent", "membership", "regular_contact"):
                for end in ("", "refused", "ended"):
                    if self.rng.random() < (0.35 if not end else 0.08):
                        self._basis(donor, purpose, basis, end)
                        found.append(Basis(purpose, basis, not end, end == "refused"))
        return tuple(found)

    def _basis(self, donor: Donor, purpose: str, basis: str, end: str) -> None:
        consent, then = basis == "consent", at(TODAY)
        LegalBasis.objects.create(
            donor=donor, purpose=purpose, basis=basis, source="x", created_at=then,
            wording=self._wording(purpose) if consent else None,
            given_at=then if consent else None, proof="p" if consent else "",
            withdrawn_at=then if consent and end == "refused" else None,
            informed_on=None if consent else TODAY,
            objection_at=then if not consent and end == "refused" else None,
            ended_at=then if end == "ended" else None, end_reason="over" if end == "ended" else "",
        )  # fmt: skip

    def _wording(self, purpose: str) -> ConsentWording:
        made, _new = ConsentWording.objects.get_or_create(
            purpose=purpose, version=1,
            defaults={"text_sv": "ja", "text_en": "yes", "from_date": date(2020, 1, 1)},
        )  # fmt: skip
        return made

    def _gifts(self, donor: Donor) -> tuple[Gave, ...]:
        rng, found = self.rng, []
        for day in sorted(self.day() for _ in range(rng.choice([0, 0, 1, 1, 2, 5]))):
            ore = rng.choice([50_00, 100_00, 100_00, 500_00])
            back = rng.choice([0, 0, 0, 50_00])
            place, channel = rng.randrange(3), rng.choice(CHANNELS)
            gift = Gift.objects.create(
                entity=self.party, campaign=self.campaigns[place], donor=donor, channel=channel,
                state=rng.choice(["received"] * 4 + ["pending"]), amount_ore=ore,
                created_at=at(day), received_at=at(day),
            )  # fmt: skip
            if gift.state != "received":
                continue
            Gift.objects.filter(pk=gift.pk).update(refunded_ore=back)
            if ore > back:
                found.append(Gave(day, gift.pk, ore - back, self.refs[place], channel,
                                  str(self.campaigns[place].fund.ref)))  # fmt: skip
        return tuple(found)

    def _pledges(self, donor: Donor) -> tuple[Promise, ...]:
        return tuple(self._pledge(donor) for _ in range(self.rng.choice([0, 0, 0, 1, 2])))

    def _pledge(self, donor: Donor) -> Promise:
        rng, started = self.rng, self.day()
        state = rng.choice(["unconfirmed", "active", "active", "paused", "halted", "ended"])
        ended = self.day(300) if state == "ended" else None
        place, ore, interval = rng.randrange(3), rng.choice([100_00, 200_00]), rng.choice([1, 3])
        pledge = Pledge.objects.create(
            entity=self.party, campaign=self.campaigns[place], donor=donor, state=state,
            method="card", amount_ore=ore, interval_months=interval, day=28, starts_on=started,
            first_period=started.replace(day=1), created_at=at(started),
            ended_at=at(ended) if ended else None,
            paused_until=TODAY if state == "paused" else None,
        )  # fmt: skip
        return Promise(
            state, ore, interval, "card", self.refs[place], started, ended,
            self._mandates(pledge), self._periods(pledge), str(self.campaigns[place].fund.ref),
        )  # fmt: skip

    def _mandates(self, pledge: Pledge) -> tuple[tuple[str, date | None], ...]:
        found = []
        for state in ("active", "ended"):
            if self.rng.random() < 0.6:
                ends = self.rng.choice([None, TODAY + timedelta(10), TODAY + timedelta(90)])
                Mandate.objects.create(
                    entity=self.party, pledge=pledge, method="card", state=state,
                    card_expires_on=ends, created_at=at(TODAY),
                )  # fmt: skip
                found.append((state, ends))
        return tuple(found)

    def _periods(self, pledge: Pledge) -> tuple[tuple[date, str], ...]:
        found = []
        for month in range(9, 12):
            state = self.rng.choice(["paid", "missed", "planned", "skipped"])
            period = date(2026, month, 1)
            Instalment.objects.create(
                pledge=pledge, period=period, due_on=period, amount_ore=100_00, state=state,
                created_at=at(TODAY),
            )  # fmt: skip
            found.append((period, state))
        return tuple(found)

    def _mailed(self, donor: Donor, person: Person) -> Person:
        if self.rng.random() < 0.5:
            return person
        mails, clicks = self.rng.randrange(1, 5), self.rng.randrange(3)
        mailed, clicked = self.day(200), self.day(200) if clicks else None
        MailStanding.objects.create(
            donor=donor, mails=mails, last_mailed_at=at(mailed), human_clicks=clicks,
            last_human_click_at=at(clicked) if clicked else None,
        )  # fmt: skip
        return replace(person, mails=mails, mailed=mailed, clicks=clicks, clicked=clicked)
