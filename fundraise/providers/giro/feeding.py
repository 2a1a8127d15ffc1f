"""File days as a calendar (RFC 5545) under a secret address, for whoever carries files by hand."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext, override

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.providers.giro import calendar
from fundraise.providers.giro.models import Agreement, CalendarFeed

TOKEN_BYTES = 32
KIND = "giro-calendar"
SHOWN_DAYS = 60
BEFORE = timedelta(hours=2)
FOLD = 74


def new_feed(agreement: Agreement, *, user_id: int | None, by: str) -> str:
    """A feed for one of the staff (or the house): the secret of its address, told this once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        CalendarFeed.objects.create(
            agreement=agreement,
            user_id=user_id,
            token_hash=crypto.lookup_hash(KIND, token),
            created_at=clock.now(),
        )
        audit.log_change(
            by=by,
            action="giro_calendar.opened",
            subject_type="giro_agreement",
            subject_ref=agreement.ref,
            after={"user": user_id},
        )
    return token


def revoke(feed_id: int, *, by: str) -> bool:
    """The address finds nothing any more. False when it was revoked before."""
    with transaction.atomic():
        feed = CalendarFeed.objects.select_related("agreement").get(pk=feed_id)
        rows = CalendarFeed.objects.filter(pk=feed_id, revoked_at=None)
        if not rows.update(revoked_at=clock.now()):
            return False
        audit.log_change(
            by=by,
            action="giro_calendar.revoked",
            subject_type="giro_agreement",
            subject_ref=feed.agreement.ref,
        )
    return True


def calendar_of(token: str, language: str = "sv") -> bytes | None:
    """The calendar under a secret; None for one that nobody has, or that was revoked.

    A user who can't log in any more has no calendar either.
    """
    hashes = crypto.lookup_hashes(KIND, token)
    found = CalendarFeed.objects.filter(token_hash__in=hashes, revoked_at=None)
    feed = found.select_related("agreement__account", "user").first()
    if feed is None or (feed.user is not None and not feed.user.is_active):
        return None
    with override(language):
        lines = list(_lines(feed.agreement))
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _lines(agreement: Agreement) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fundraise//autogiro//EN")
    yield f"X-WR-CALNAME:{_text(gettext('Autogiro file days'))}"
    for day in calendar.coming(agreement, clock.today(), SHOWN_DAYS):
        yield from (
            "BEGIN:VEVENT",
            f"UID:{day.day:%Y%m%d}-{agreement.ref}@fundraise",
            f"DTSTAMP:{_utc(clock.now())}",
            f"DTSTART:{_utc(day.made_at)}",
            f"DTEND:{_utc(day.cut_off)}",
            f"SUMMARY:{_text(gettext('Leave the autogiro files at the bank'))}",
            f"DESCRIPTION:{_text(_what(day))}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(gettext('Leave the autogiro files at the bank'))}",
            f"TRIGGER;RELATED=END:-PT{int(BEFORE.total_seconds()) // 3600}H",
            "END:VALARM",
            "END:VEVENT",
        )
    yield "END:VCALENDAR"


def _what(day: calendar.FileDay) -> str:
    return gettext("Draws up to %(until)s. Bankgirot must have them by %(hour)s.") % {
        "until": day.due_until.isoformat(),
        "hour": f"{day.cut_off:%H:%M}",
    }


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 bytes, the following ones begun with a blank."""
    part = ""
    for char in line:
        if len((part + char).encode()) > FOLD:
            yield part
            part = " "
        part += char
    yield part
