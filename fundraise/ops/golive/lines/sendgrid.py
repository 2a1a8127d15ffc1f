"""May our keys at SendGrid do what sending takes, and can its events be believed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fundraise.ops.golive.line import Line, Result, Words, green, red
from mailings.senders.base import BulkError, BulkOutcome
from mailings.senders.sendgrid import accounts, calls, signed

NAME = "sendgrid"
# Rights, or the beginnings of them: SendGrid has one for each thing that is done.
TO_SEND = ("mail.send",)
FOR_APPEALS = ("mail.send", "mail.batch", "user.scheduled_sends", "suppression")


def ask() -> Result:
    """The first key that is not in order speaks."""
    if NAME not in {settings.MAIL_SENDER, settings.APPEAL_SENDER}:
        return green("not_used")
    if settings.MAIL_SENDER == NAME:
        found = _key("SENDGRID_API_KEY", accounts.for_receipts(), TO_SEND)
        if found is not None:
            return found
    if settings.APPEAL_SENDER == NAME:
        setting = "SENDGRID_APPEALS_KEY" if settings.SENDGRID_APPEALS_KEY else "SENDGRID_API_KEY"
        found = _key(setting, accounts.for_appeals(), FOR_APPEALS)
        if found is not None:
            return found
        keys = settings.SENDGRID_WEBHOOK_PUBLIC_KEY
        if not keys or not all(map(signed.is_key, keys)):
            return red("no_events")
    return green("answers", host=settings.SENDGRID_HOST)


def _key(setting: str, ours: accounts.Account, rights: tuple[str, ...]) -> Result | None:
    try:
        held = calls.scopes(ours)
    except BulkError as error:
        if error.outcome is BulkOutcome.KEY_REFUSED:
            return red("refused", setting=setting, host=settings.SENDGRID_HOST)
        return red("no_answer", host=settings.SENDGRID_HOST)
    lacks = [right for right in rights if not any(scope.startswith(right) for scope in held)]
    return red("lacks", setting=setting, rights=", ".join(lacks)) if lacks else None


def _about() -> str:
    parts = (
        settings.MAIL_SENDER,
        settings.APPEAL_SENDER,
        settings.SENDGRID_HOST,
        settings.SENDGRID_API_KEY,
        settings.SENDGRID_APPEALS_KEY,
        *settings.SENDGRID_WEBHOOK_PUBLIC_KEY,
    )
    return "\n".join(parts)


LINE = Line(
    key="sendgrid",
    title=_("SendGrid"),
    asks=_("SendGrid is asked what our keys may do. No mail is sent."),
    ask=ask,
    about=_about,
    holds_for=timedelta(days=30),
    words={
        "not_used": Words(_("SendGrid carries none of our mail.")),
        "answers": Words(_("%(host)s knows our keys, and they may do what sending takes.")),
        "refused": Words(
            _("%(host)s does not know the key of %(setting)s."),
            _("Set the right key. A key of a subuser in the EU needs SENDGRID_REGION=eu."),
        ),
        "no_answer": Words(
            _("%(host)s does not answer as it should."),
            _("Look at the way out of this server, and at SendGrid's status page."),
        ),
        "lacks": Words(
            _("The key of %(setting)s may not do: %(rights)s."),
            _("Give it these rights in SendGrid, or make a new key: docs/mail.md."),
        ),
        "no_events": Words(
            _("What becomes of appeals can't be believed: there is no key to check it with."),
            _(
                "Switch the signed event webhook on in SendGrid and set its public key as"
                " SENDGRID_WEBHOOK_PUBLIC_KEY."
            ),
        ),
    },
)
