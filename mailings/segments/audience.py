"""Who gets an appeal at this moment: a tree with the appeal's own choices.

Everybody here may be written to for the purpose and has an address. Where the law asks for consent
to targeting (EU Regulation 2024/900; a party's appeal that chooses people or sums by what is known
of them), those with that consent are chosen by the whole tree, and the others by its untargeted
part alone: they get the appeal with standard sums. Addresses that must not be mailed, caps and the
like are for preparing to judge, message by message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from mailings.segments import asking, bits, targeting
from mailings.segments.compiling import Known, Sql, compiled
from mailings.segments.compiling.parts import among, both, joined
from mailings.segments.queries import USABLE, known, whole
from mailings.segments.tree import Node

RECENT, MONTHLY = "recent_givers", "monthly_givers"  # in UNTARGETED_CONDITIONS as any condition
CLICKED_DAYS, GAVE_DAYS = 180, 365


@dataclass(frozen=True, slots=True)
class Options:
    """An appeal's choices beside its tree.

    `personal`: its sums or words follow what is known of each donor. `by_post`: it is a letter.
    `reachable`: without those who have no address for it; False where that is judged later.
    """

    purpose: str = "appeals"
    without_recent_days: int = 14
    without_monthly: bool = True
    personal: bool = False
    by_post: bool = False
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Audience:
    """SQL of three columns, with its parameters: `donor_id`, `targeted` and `tier`.

    `splits`: the two groups are chosen differently, since consent to targeting matters here.
    """

    sql: str
    params: tuple[Any, ...]
    splits: bool


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How many of the tree's people get it, in each group, and why the others don't.

    `matching` is the whole tree's number; of those `no_basis`, `no_address`, `recent` and
    `monthly` are left out, in this order, each counted once. `targeted` and `untargeted` get it.
    """

    matching: int
    no_basis: int
    no_address: int
    recent: int
    monthly: int
    targeted: int
    untargeted: int

    @property
    def people(self) -> int:
        return self.targeted + self.untargeted


def audience(node: Node, options: Options, campaign: Campaign) -> Audience:
    """Who gets it, and how engaged each is. Raises TreeError.

    Call `asking.refresh()` before the SQL is run.
    """
    parts = _parts(node, options, campaign)
    chosen, engaged = both(parts.reached, parts.chosen), tier()
    text = f"""
      SELECT p.donor_id, {parts.targeted} AS targeted, {engaged.text} AS tier
        FROM segments_profile p WHERE {chosen.text}"""  # noqa: S608
    return Audience(text, (*engaged.params, *chosen.params), parts.splits)


_TIER = (
    "CASE WHEN {lately} OR p.last_on >= %s THEN 0 WHEN {ever} OR p.last_on >= %s THEN 1 ELSE 2 END"
)


def tier(standing: str = "") -> Sql:
    """How engaged the donor of profile `p` is: 0 clicked or gave lately, 1 ever clicked or gave the
    year before, 2 all others.

    Where few are asked for, `standing` names their rows of segments_mailstanding, joined; else
    those of everybody are read once.
    """
    clicked, since = "last_human_click_at", clock.now() - timedelta(days=CLICKED_DAYS)
    if standing:
        lately = Sql(f"{standing}.{clicked} >= %s", (since,))
        ever = Sql(f"{standing}.{clicked} IS NOT NULL")
    else:
        rows = "SELECT donor_id FROM segments_mailstanding WHERE"
        lately = among(Sql(f"{rows} {clicked} >= %s", (since,)))
        ever = among(Sql(f"{rows} {clicked} IS NOT NULL"))
    gave, before = (clock.today() - timedelta(days=years * GAVE_DAYS) for years in (1, 2))
    text = _TIER.format(lately=f"({lately.text})", ever=f"({ever.text})")
    return Sql(text, (*lately.params, gave, *ever.params, before))


def reckoned(node: Node, options: Options, campaign: Campaign, *, key: str = "") -> Reckoned:
    """The numbers, exactly, in one look. Raises TreeError, TooSlow."""
    parts = _parts(node, options, campaign)
    looked: dict[str, Sql] = {
        "t": parts.tree, "a": parts.allowed, "e": parts.address, "r": parts.recent,
        "m": parts.monthly, "c": parts.consent, "o": parts.others,
    }  # fmt: skip
    gets = "t AND NOT r AND NOT m"
    if parts.splits:
        gets = f"CASE WHEN c THEN {gets} ELSE o END"
    ok = f"a AND {'e AND' if options.reachable else ''} ({gets})"
    inner = ", ".join(f"({sql.text}) IS TRUE AS {name}" for name, sql in looked.items())
    params = tuple(value for sql in looked.values() for value in sql.params)
    text = f"""
      SELECT count(*) FILTER (WHERE t), count(*) FILTER (WHERE t AND NOT a),
             count(*) FILTER (WHERE t AND a AND NOT e),
             count(*) FILTER (WHERE t AND a AND e AND r),
             count(*) FILTER (WHERE t AND a AND e AND NOT r AND m),
             count(*) FILTER (WHERE {ok} AND c), count(*) FILTER (WHERE {ok} AND NOT c)
        FROM (SELECT {inner} FROM segments_profile p WHERE {USABLE.text}) x"""  # noqa: S608
    return Reckoned(*(int(one) for one in asking.rows(text, params, key=key)[0]))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pieces that both questions are made of."""

    tree: Sql
    allowed: Sql
    address: Sql
    recent: Sql
    monthly: Sql
    consent: Sql
    others: Sql  # whom the untargeted part alone chooses, where the groups split
    reached: Sql
    chosen: Sql
    targeted: str
    splits: bool


def _parts(node: Node, options: Options, campaign: Campaign) -> _Parts:
    flat = whole(node)
    read = known(flat)
    free = settings.UNTARGETED_CONDITIONS
    party = campaign.entity.kind == LegalEntity.Kind.PARTY
    splits = _splits(flat, campaign, personal=options.personal)
    tree = compiled(flat, read)
    allowed = Sql(bits.allowed_sql(options.purpose, read.enough.get(options.purpose, ["consent"])))
    address = Sql(f"p.bits & {bits.POSTAL if options.by_post else bits.EMAIL} <> 0")
    consent_sql = bits.allowed_sql(targeting.PURPOSE, ["consent"]) if party else "true"
    consent = Sql(consent_sql)
    recent, monthly = _left_out(options, campaign, read)
    chosen, others = both(tree, recent.negated(), monthly.negated()), Sql("false")
    if splits:
        ticks = [one for one, name in ((recent, RECENT), (monthly, MONTHLY)) if name in free]
        others = both(
            compiled(targeting.without(flat, free), read), *(one.negated() for one in ticks)
        )
        chosen = joined(
            "OR", [both(consent, chosen), both(consent.negated(), others)], empty="false"
        )
    reached = both(allowed, address) if options.reachable else allowed
    return _Parts(
        tree=tree, allowed=allowed, address=address, recent=recent, monthly=monthly,
        consent=consent, others=others, reached=reached, chosen=chosen,
        targeted=f"({consent_sql})", splits=splits,
    )  # fmt: skip


def _left_out(options: Options, campaign: Campaign, read: Known) -> tuple[Sql, Sql]:
    """Who gave to the campaign lately, and who gives every month: out where that is ticked."""
    recent = monthly = Sql("false")
    if options.without_recent_days:
        since = read.today - timedelta(days=options.without_recent_days)
        recent = among(
            Sql(
                "SELECT donor_id FROM giving_campaigngiving"
                " WHERE campaign_id = %s AND last_on >= %s",
                (campaign.pk, since),
            )
        )
    if options.without_monthly:
        monthly = Sql(f"p.bits & {bits.MONTHLY} <> 0")
    return recent, monthly


def parts_people(node: Node, campaign: Campaign, *, personal: bool = True) -> bool:
    """Whether an appeal for this campaign has two groups (see the module). Raises TreeError."""
    return _splits(whole(node), campaign, personal=personal)


def _splits(flat: Node, campaign: Campaign, *, personal: bool) -> bool:
    if campaign.entity.kind != LegalEntity.Kind.PARTY:
        return False
    return personal or bool(targeting.targeting(flat, settings.UNTARGETED_CONDITIONS))
