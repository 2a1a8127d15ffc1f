"""Mail an alarm to those who keep watch: settings.ALARM_HOOK names this function."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.html import format_html

from fundraise.jobs.models import Alarm
from mailings import transactional

SUBJECT = "fundraise: an alarm has been raised"
TEST = "go-live-test"  # its mail has a code that stands nowhere else (the go-live page asks for it)
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else
CODE_LETTERS = 8


def code_of(alarm: Alarm) -> str:
    """What only a reader of the mail knows: stored nowhere, made of a secret and the id."""
    digest = salted_hmac("mailings.alarms", str(alarm.pk), algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_LETTERS])


def mail_alarm(alarm_id: int) -> None:
    """Prepare the mail about one alarm to settings.OPS_EMAIL; nothing where that is empty."""
    address: str = getattr(settings, "OPS_EMAIL", "")
    if not address:
        return
    alarm = Alarm.objects.get(pk=alarm_id)
    text = (
        f"{alarm.text}\n\n"
        f"Alarm: {alarm.code}, {alarm.subject}, {alarm.raised_at:%Y-%m-%d %H:%M} UTC\n"
        f"At: {settings.BASE_URL}\n"
        "What to do stands in docs/operations.md under the alarm's name.\n"
    )
    if alarm.code == TEST:
        text += f"The code for the go-live page:\n\n{code_of(alarm)}\n"
    transactional.prepare(
        "alarm",
        str(alarm.pk),
        to=address,
        language="en",
        subject=SUBJECT,
        html=format_html('<pre style="white-space:pre-wrap">{}</pre>', text),
        text=text,
    )
