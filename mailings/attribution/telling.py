"""Telling named staff: a large gift to thank for, a milestone of the goal, the week's figures.

Each is a task, once for each person, and a mail without anything about a donor: sums, the campaign
and a link behind the log-in. Whoever lost the right to see appeals is told nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign, DayTotal, Thermometer
from fundraise.gifts.models import Gift
from fundraise.language import SWEDISH
from fundraise.money import format_kronor
from fundraise.pledges.models import Pledge
from fundraise.staff import rights
from mailings import transactional
from mailings.attribution import results
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import StaffTask, Watcher
from mailings.letters import Letter

Kind = StaffTask.Kind
MILESTONES = (25, 50, 75, 100)
MOST_APPEALS = 5
MOST_TASKS = 20
RIGHT = "appeals.view"


def watch(
    *,
    campaign: Campaign,
    user: User,
    by: str,
    large_gift_ore: int | None = None,
    milestones: bool = False,
    weekly: bool = False,
) -> Watcher | None:
    """Say what one of the staff is told of a campaign; nothing at all takes the row away.

    Raises AttributionError: no_right, no_address.
    """
    if not rights.may(user, RIGHT, campaign.entity_id):
        raise AttributionError("no_right")
    if not user.email:
        raise AttributionError("no_address")
    wanted = {"large_gift_ore": large_gift_ore, "milestones": milestones, "weekly": weekly}
    with transaction.atomic():
        rows = Watcher.objects.filter(campaign=campaign, user=user)
        if any(wanted.values()):
            found, _new = Watcher.objects.update_or_create(
                campaign=campaign, user=user, defaults=wanted
            )
        else:
            rows.delete()
            found = None
        audit.log_change(
            by=by,
            action="campaign.watched",
            subject_type="campaign",
            subject_ref=campaign.ref,
            after={"who": f"staff:{user.get_username()}", **wanted},
        )
    return found


def done(ref: UUID, user: User) -> bool:
    """Somebody did one of their own tasks. False when it was done, or is not theirs."""
    mine = StaffTask.objects.filter(ref=ref, user=user, done_at=None)
    return mine.update(done_at=clock.now()) == 1


def open_tasks(user: User) -> list[StaffTask]:
    """What somebody was told and has not done, of campaigns that they may see; the newest first."""
    rows = StaffTask.objects.filter(user=user, done_at=None).select_related("campaign")
    newest = rows.order_by("-at")[:MOST_TASKS]
    return [row for row in newest if rights.may(user, RIGHT, row.campaign.entity_id)]


# --- What is told ---------------------------------------------------------------------------------
def gift_received(gift_id: int) -> None:
    """GiftReceived: tell of a large gift, and of a milestone that the campaign has passed."""
    gift = Gift.objects.select_related("campaign").get(pk=gift_id)
    watchers = Watcher.objects.filter(campaign=gift.campaign).select_related("user")
    large = watchers.filter(large_gift_ore__lte=gift.amount_ore)
    if gift.state == Gift.State.RECEIVED:
        for user in _who(large, gift.campaign):
            _tell(gift.campaign, user, Kind.LARGE_GIFT, str(gift.ref), _of_gift(gift))
    passed = _passed(gift.campaign)
    for user in _who(watchers.filter(milestones=True), gift.campaign) if passed else []:
        for percent in passed:
            _tell(gift.campaign, user, Kind.MILESTONE, str(percent), _of_goal(gift.campaign))


def _passed(campaign: Campaign) -> list[int]:
    received = Thermometer.objects.values_list("received_ore", flat=True).get(campaign=campaign)
    return [percent for percent in MILESTONES if received * 100 >= campaign.goal_ore * percent]


def tell_weeks() -> int:
    """Mail last week's figures of every campaign that is watched; once a week each."""
    monday = clock.today() - timedelta(days=clock.today().weekday() + 7)
    told, said = 0, {}
    rows = Watcher.objects.filter(weekly=True).select_related("campaign", "user")
    for watcher in rows.order_by("campaign", "pk"):
        campaign = watcher.campaign
        if campaign.pk not in said:
            said[campaign.pk] = _week(campaign, monday)
        for user in _who([watcher], campaign):
            year, week, _day = monday.isocalendar()
            about = f"{year}-W{week:02}"
            told += _tell(campaign, user, Kind.WEEK, about, said[campaign.pk])
    return told


def _who(watchers: Iterable[Watcher], campaign: Campaign) -> list[User]:
    """Those who may still see it."""
    return [
        row.user
        for row in watchers
        if row.user.is_active and rights.may(row.user, RIGHT, campaign.entity_id)
    ]


def _tell(campaign: Campaign, user: User, kind: str, about: str, said: tuple[str, ...]) -> bool:
    """The task and its mail, once; False when it was told before."""
    with transaction.atomic():
        task, new = StaffTask.objects.get_or_create(
            campaign=campaign, user=user, kind=kind, about=about, defaults={"at": clock.now()}
        )
        if new:
            _mail(task, said)
    return new


def _mail(task: StaffTask, said: tuple[str, ...]) -> None:
    with translation.override(SWEDISH):
        letter = Letter(
            language=SWEDISH,
            subject=f"{task.get_kind_display()}: {task.campaign.title(SWEDISH)}",
            said=said,
            button=_("Open it"),
            link=settings.BASE_URL + path_of(task),
            footer=_("You get this because you asked to be told of this campaign."),
        )
    transactional.prepare(
        f"staff-{task.kind}",
        str(task.ref),
        to=task.user.email,
        language=SWEDISH,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
    )


def path_of(task: StaffTask) -> str:
    """Where a task is looked into."""
    if task.kind == Kind.LARGE_GIFT:
        return f"/staff/gifts/{task.about}/"
    return "/staff/"


# --- In words, in Swedish, without a donor --------------------------------------------------------
def _of_gift(gift: Gift) -> tuple[str, ...]:
    with translation.override(SWEDISH):
        return (
            _("A gift of %(sum)s has come to “%(campaign)s”.")
            % {"sum": format_kronor(gift.amount_ore), "campaign": gift.campaign.title(SWEDISH)},
            _("A word of thanks from one of you goes a long way."),
        )


def _of_goal(campaign: Campaign) -> tuple[str, ...]:
    with translation.override(SWEDISH):
        return (_goal_line(campaign),)


def _goal_line(campaign: Campaign) -> str:
    received = Thermometer.objects.values_list("received_ore", flat=True).get(campaign=campaign)
    return _("“%(campaign)s” has received %(sum)s, %(percent)d %% of its goal.") % {
        "campaign": campaign.title(SWEDISH),
        "sum": format_kronor(received),
        "percent": received * 100 // campaign.goal_ore,
    }


def _week(campaign: Campaign, monday: date) -> tuple[str, ...]:
    """Last week: what came, new monthly gifts, and what the latest appeals have brought so far."""
    days = DayTotal.objects.filter(
        campaign=campaign, day__gte=monday, day__lt=monday + timedelta(days=7)
    )
    came = days.aggregate(ore=Sum("received_ore"), gifts=Sum("gifts"))
    begun = Pledge.objects.exclude(state=Pledge.State.UNCONFIRMED).filter(
        campaign=campaign, created_at__date__gte=monday,
        created_at__date__lt=monday + timedelta(days=7),
    )  # fmt: skip
    with translation.override(SWEDISH):
        lines = [
            _("Last week: %(sum)s. Gifts: %(gifts)d. New monthly gifts: %(new)d.")
            % {
                "sum": format_kronor(came["ore"] or 0),
                "gifts": came["gifts"] or 0,
                "new": begun.count(),
            },
            _goal_line(campaign),
        ]
        for appeal, figures in results.of_campaign(campaign)[:MOST_APPEALS]:
            lines.append(
                _("The appeal “%(title)s” has brought %(sum)s. Gifts: %(gifts)d.")
                % {
                    "title": appeal.title,
                    "sum": format_kronor(figures.received_ore),
                    "gifts": figures.gifts,
                }
            )
    return tuple(lines)
