"""When an appeal leaves, in words: the clock on the wall, how long until then, summer time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.console.days import NO_BREAK_SPACE, day
from fundraise.language import SWEDISH

MINUTE = timedelta(minutes=1)
ROUND = 5  # minutes: at such times everybody else's mail leaves


def wall(at: datetime, zone: str) -> str:
    """ "fredag 4 december 2026 kl. 18.03"."""
    local = at.astimezone(ZoneInfo(zone))
    if get_language() == SWEDISH:
        return f"{formats.date_format(local, 'l j F Y')} kl.{NO_BREAK_SPACE}{local:%H.%M}"
    return f"{formats.date_format(local, 'l j F Y')} at {local:%H:%M}"


def short(at: datetime, zone: str) -> str:
    """ "4 dec 2026 18.03"."""
    local = at.astimezone(ZoneInfo(zone))
    shown = f"{local:%H.%M}" if get_language() == SWEDISH else f"{local:%H:%M}"
    return f"{day(local.date())} {shown}"


def place(zone: str) -> str:
    """ "tid i Stockholm"."""
    town = zone.rpartition("/")[2].replace("_", " ")
    return _("time in %(place)s") % {"place": town}


def until(at: datetime) -> str:
    """ "om 2 dagar 3 tim"."""
    left = at - clock.now()
    if left < timedelta(minutes=-1):
        return _("%(time)s ago") % {"time": lasting(-left)}
    if left < timedelta(minutes=1):
        return _("now")
    return _("in %(time)s") % {"time": lasting(left)}


def lasting(span: timedelta) -> str:
    """Days and hours, or hours and minutes."""
    minutes = round(span.total_seconds() / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours:
        parts.append(_("%(n)d h") % {"n": hours})
    if not days and (rest or not hours):
        parts.append(_("%(n)d min") % {"n": rest})
    return " ".join(parts)


def summer_time(at: datetime, zone: str) -> str:
    """What the change between summer and winter time does; empty when there is none until then."""
    where = ZoneInfo(zone)
    now, then = clock.now().astimezone(where), at.astimezone(where)
    if now.utcoffset() == then.utcoffset():
        return ""
    shown = short(at, zone)
    if (then.utcoffset() or timedelta()) > (now.utcoffset() or timedelta()):
        return _(
            "Summer time begins before then. The clock on the wall counts: it leaves when it shows"
            " %(time)s."
        ) % {"time": shown}
    return _(
        "Summer time ends before then. The clock on the wall counts: it leaves when it shows"
        " %(time)s."
    ) % {"time": shown}


def odd_minute(at: datetime, zone: str) -> str:
    """Advice to avoid the minutes at which everybody mails; empty when it is avoided."""
    local = at.astimezone(ZoneInfo(zone))
    if local.minute % ROUND:
        return ""
    better = local + timedelta(minutes=3)
    shown = f"{better:%H.%M}" if get_language() == SWEDISH else f"{better:%H:%M}"
    return _(
        "Most senders choose a round time, and mailboxes get slow then. %(time)s gets there sooner."
    ) % {"time": shown}


def quiet_hours() -> str:
    """ "21 till 08"."""
    begins, ends = settings.APPEAL_QUIET_FROM, settings.APPEAL_QUIET_UNTIL
    return _("from %(begins)s to %(ends)s") % {"begins": f"{begins:02d}", "ends": f"{ends:02d}"}
