"""Does mail arrive: a code is mailed, and a person types what came."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from fundraise.jobs import services as jobs
from fundraise.jobs.models import Alarm
from fundraise.ops.golive.line import Line, Result, State, Typed, Words, red
from fundraise.refs import new_ref
from mailings import alarms, transactional


def new_code() -> str:
    return "".join(secrets.choice(alarms.ALPHABET) for _number in range(alarms.CODE_LETTERS))


def ask() -> Result:
    """Send a code by the way that receipts take."""
    if not settings.OPS_EMAIL:
        return red("no_address")
    code = new_code()
    text = f"The code for the go-live page at {settings.BASE_URL}:\n\n{code}\n"
    transactional.prepare(
        "go_live",
        str(new_ref()),
        to=settings.OPS_EMAIL,
        language="en",
        subject="fundraise: a test mail",
        html=format_html('<pre style="white-space:pre-wrap">{}</pre>', text),
        text=text,
    )
    return Result(State.WAITING, "sent", {}, code)


def ask_alarm() -> Result:
    """Raise an alarm; it takes the way that every alarm takes, and only its mail has the code."""
    if not settings.OPS_EMAIL:
        return red("no_address")
    subject = str(new_ref())
    jobs.resolve_alarms(alarms.TEST)
    jobs.raise_alarm(alarms.TEST, subject, "A test from the go-live page")
    alarm = Alarm.objects.get(code=alarms.TEST, subject=subject)
    jobs.resolve_alarms(alarms.TEST)
    return Result(State.WAITING, "rung", {}, alarms.code_of(alarm))


def _about() -> str:
    parts = (settings.OPS_EMAIL, settings.MAIL_FROM, settings.MAIL_SENDER, settings.EMAIL_HOST)
    return "\n".join(parts)


LOOK = _("No mail after some minutes? Look in the junk mail, then at Alarms and the mail log.")
NO_ADDRESS = Words(
    _("There is nobody to send it to."),
    _("Set OPS_EMAIL to the address of those who keep watch, and restart."),
)
LINE = Line(
    key="mail",
    title=_("Mail"),
    asks=_(
        "A mail with a code is sent to OPS_EMAIL as receipts are sent. Type the code that came."
    ),
    ask=ask,
    typed=Typed(_("Code in the mail")),
    about=_about,
    holds_for=timedelta(days=180),
    watched=False,
    words={
        "no_address": NO_ADDRESS,
        "sent": Words(
            _("A mail has been sent. Type its code here."),
            LOOK,
        ),
        "confirmed": Words(_("The mail came: its code was typed here.")),
    },
)
ALARM_LINE = Line(
    key="alarm",
    title=_("Alarms"),
    asks=_("A test alarm is raised. Whoever keeps watch gets its mail: type the code that came."),
    ask=ask_alarm,
    typed=Typed(_("Code in the alarm")),
    about=_about,
    holds_for=timedelta(days=180),
    watched=False,
    words={
        "no_address": NO_ADDRESS,
        "rung": Words(
            _("An alarm has been raised and mailed. Type its code here."),
            LOOK,
        ),
        "confirmed": Words(_("The alarm was received: its code was typed here.")),
    },
)


def ask_domain() -> Result:
    """There is no DNS library here, so it is said plainly that nobody looked."""
    domain = settings.MAIL_FROM.rpartition("@")[2].rstrip(">").strip()
    return red("not_checked", domain=domain)


DOMAIN_LINE = Line(
    key="mail_domain",
    title=_("SPF, DKIM and DMARC"),
    asks=_("Whether the receivers of our mail can see that it is ours."),
    ask=ask_domain,
    about=lambda: str(settings.MAIL_FROM),
    watched=False,
    words={
        "not_checked": Words(
            _("Not checked: this installation can't look records of %(domain)s up."),
            _(
                "Look yourself: dig TXT %(domain)s (v=spf1 …), dig TXT _dmarc.%(domain)s (v=DMARC1"
                " …), and the DKIM record that your mail provider names. In a mail that came, the"
                " header Authentication-Results says spf=pass dkim=pass dmarc=pass. Then sign this"
                " line with what you saw."
            ),
        ),
    },
)
