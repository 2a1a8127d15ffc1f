"""What each kind of notice says: sum, first day, following days, reason, and the ways out."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from fundraise.money import format_kronor
from fundraise.pledges import links, words
from fundraise.pledges.models import Instalment, Notice, Pledge, PledgeChange
from fundraise.providers.papers.wording import Block
from mailings.monthly import papers, people, reasons
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter

Kind = Notice.Kind


def letter(notice: Notice) -> GiverLetter:
    """The notice, in the language that is active."""
    return WRITERS[Kind(notice.kind)](notice, notice.pledge)


def _first(notice: Notice) -> Instalment | None:
    """The draw that it announces first."""
    return notice.instalments.order_by("due_on").first()


def _announced(notice: Notice) -> said.Facts:
    """Sum, first day and following days: what the notice is for."""
    pledge, first = notice.pledge, _first(notice)
    facts = [
        (_("Sum"), format_kronor(notice.amount_ore)),
        (
            _("First day") if notice.covers_following else _("Day"),
            words.on(notice.first_on),
        ),
    ]
    if notice.covers_following:
        period = first.period if first is not None else pledge.first_period
        facts.append((_("Then"), said.following(pledge, period)))
    mandate = said.mandate_of(pledge)
    facts.append((_("How"), said.way(pledge, mandate)))
    if mandate is not None and mandate.payer_number:
        facts.append((_("Payer number"), mandate.payer_number))
    return [(name, value) for name, value in [*facts, *said.payee(pledge)] if value]


def _is_told_once(notice: Notice) -> str:
    if notice.covers_following:
        return _("This is your notice: we draw on these days without writing again each time.")
    return _("We write to you before each draw.")


# --- The confirmation of a sign-up ----------------------------------------------------------------
def _sign_up(notice: Notice, pledge: Pledge) -> GiverLetter:
    name = people.name_of(pledge)
    found = papers.paper_of(pledge)
    mandate = said.mandate_of(pledge)
    more = []
    if found is not None:
        more.append((_("Your autogiro mandate as a page"), papers.link(found[0], pledge.language)))
    if mandate is not None:
        more.append(said.not_me(mandate, pledge.language))
    return GiverLetter(
        language=pledge.language,
        subject=_("Confirmation of your monthly gift"),
        heading=_("Thank you, %(name)s!") % {"name": name} if name else _("Thank you!"),
        said=(
            _("You give %(sum)s to “%(campaign)s”.")
            % {
                "sum": said.sum_and_rhythm(pledge),
                "campaign": pledge.campaign.title(pledge.language),
            },
        ),
        facts=tuple(_announced(notice)),
        button=_("Go to My pages"),
        link=said.mine(pledge),
        after=tuple(_how_it_goes(notice, pledge, found is not None)),
        links=tuple(more),
        paper=_mandate_text(found[1].blocks) if found is not None else (),
        foot=said.foot(pledge),
    )


def _how_it_goes(notice: Notice, pledge: Pledge, with_paper: bool) -> list[str]:
    told = [_is_told_once(notice)]
    if pledge.method == "autogiro":
        told += [
            _("A day that is no bank day is moved to the next one."),
            _(
                "Your bank has to approve the autogiro first, which takes one to six bank days."
                " If its answer is late, the first draw moves to the next day of yours, and we"
                " write again before it."
            ),
        ]
    if with_paper:
        told.append(_("Your mandate stands below and comes with this mail as a PDF."))
    told.append(_("Change, pause or end your gift whenever you like on My pages."))
    return told


def _mandate_text(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    headed = bool(blocks) and blocks[0].is_heading
    return blocks if headed else (Block(_("Autogiro mandate"), is_heading=True), *blocks)


# --- Later notices --------------------------------------------------------------------------------
def _plain(
    notice: Notice, subject: str, heading: str, *told: str, after: tuple[str, ...] = ()
) -> GiverLetter:
    pledge = notice.pledge
    return GiverLetter(
        language=pledge.language,
        subject=subject,
        heading=heading,
        said=tuple(one for one in told if one),
        facts=tuple(_announced(notice)),
        button=_("Go to My pages"),
        link=said.mine(pledge),
        after=(*after, said.call_us(pledge.entity)),
        foot=said.foot(pledge),
    )


def _change(notice: Notice, pledge: Pledge) -> GiverLetter:
    raised = _was_raised(notice)
    before = pledge.instalments.filter(
        state__in=[Instalment.State.PLANNED, Instalment.State.COLLECTING],
        due_on__lt=notice.first_on,
    )
    earlier = [said.draw(row) for row in before.order_by("due_on")]
    return _plain(
        notice,
        _("Your monthly gift is changed"),
        _("Thank you for raising your gift!") if raised else _("Your gift is changed"),
        _("From %(day)s we draw %(sum)s, %(rhythm)s.")
        % {
            "day": words.on(notice.first_on),
            "sum": format_kronor(notice.amount_ore),
            "rhythm": words.rhythm(pledge.day, pledge.interval_months),
        },
        _("Before that: %(draws)s.") % {"draws": ", ".join(earlier)} if earlier else "",
        after=(_is_told_once(notice),),
    )


def _was_raised(notice: Notice) -> bool:
    newest = notice.pledge.changes.filter(kind=PledgeChange.Kind.AMOUNT, undone_at=None).last()
    if newest is None or int(newest.after["amount_ore"]) != notice.amount_ore:
        return False
    return int(newest.before["amount_ore"]) < notice.amount_ore


def _resume(notice: Notice, pledge: Pledge) -> GiverLetter:
    return _plain(
        notice,
        _("Your monthly gift goes on"),
        _("Your gift goes on"),
        _("We draw %(sum)s again from %(day)s.")
        % {"sum": format_kronor(notice.amount_ore), "day": words.on(notice.first_on)},
        after=(_is_told_once(notice),),
    )


def _moved(notice: Notice, pledge: Pledge) -> GiverLetter:
    return _plain(
        notice,
        _("The first day of your monthly gift is moved"),
        _("The first draw is moved"),
        _("Your bank has not approved the autogiro yet, so nothing was drawn on the first day."),
        _("The first draw is %(sum)s on %(day)s instead. You need not do anything.")
        % {"sum": format_kronor(notice.amount_ore), "day": words.on(notice.first_on)},
        after=(_is_told_once(notice),),
    )


def _draw(notice: Notice, pledge: Pledge) -> GiverLetter:
    return _plain(
        notice,
        _("A day of your monthly gift comes near"),
        _("Your gift comes near"),
        _("On %(day)s we draw %(sum)s, as you have agreed with us.")
        % {"sum": format_kronor(notice.amount_ore), "day": words.on(notice.first_on)},
        after=(_("If you want to change or skip it, do so on My pages in time."),),
    )


def _retry(notice: Notice, pledge: Pledge) -> GiverLetter:
    first = _first(notice)
    why = reasons.sentence(pledge, first.reason) if first is not None else ""
    return GiverLetter(
        language=pledge.language,
        subject=_("Your monthly gift did not come"),
        heading=_("Your gift did not come"),
        said=(
            *([why] if why else []),
            said.owe_nothing(),
            _("We try once more on %(day)s. If it does not go then either, we skip this time.")
            % {"day": words.on(notice.first_on)},
        ),
        facts=tuple(_announced(notice)),
        button=_("Put it right"),
        link=links.repair_link(pledge),
        after=(
            _("There you can choose another day or account, or leave out the new try."),
            said.call_us(pledge.entity),
        ),
        foot=said.foot(pledge),
    )


WRITERS: dict[Notice.Kind, Callable[[Notice, Pledge], GiverLetter]] = {
    Kind.SIGN_UP: _sign_up,
    Kind.CHANGE: _change,
    Kind.RESUME: _resume,
    Kind.MOVED: _moved,
    Kind.DRAW: _draw,
    Kind.RETRY: _retry,
}
