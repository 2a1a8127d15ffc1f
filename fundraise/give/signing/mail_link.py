"""Ticked on the form, and confirmed by a link in the mailbox: GET shows a button, POST signs."""

from __future__ import annotations

from typing import ClassVar

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fundraise.pledges import queries, signed
from fundraise.providers.signing import WAITING, Asked, Progress
from mailings import transactional

KIND = "mandate_link"


class MailLink:
    """Mails the link once per mandate; whoever opens it and presses the button has signed."""

    way: ClassVar[str] = "mail_link"
    begins_later: ClassVar[bool] = False

    def begin(self, asked: Asked) -> Progress:
        giver = queries.giver_of(asked.pledge.pk)
        if giver is not None and giver.email:
            with translation.override(asked.language):
                _send(asked, giver.email)
        return Progress(WAITING, hint="mail")

    def collect(self, asked: Asked, order: str) -> Progress:
        return Progress(WAITING, hint="mail")


def _send(asked: Asked, address: str) -> None:
    payee = asked.mandate.entity.name
    url = signed.url("sign", asked.mandate.ref, asked.language)
    not_me = signed.url("disown", asked.mandate.ref, asked.language)
    first = _("One press is left: confirm your monthly gift to %(payee)s.") % {"payee": payee}
    then = _("The link opens a page with a button. Nothing is drawn before you have pressed it.")
    other = _("If you did not sign up, somebody wrote your address. Stop it here:")
    transactional.prepare(
        KIND,
        str(asked.mandate.ref),
        to=address,
        language=asked.language,
        subject=_("Confirm your monthly gift"),
        html=format_html(
            '<p>{}</p><p><a href="{}">{}</a></p><p>{}</p><p>{} <a href="{}">{}</a></p>',
            first,
            url,
            _("Confirm the monthly gift"),
            then,
            other,
            not_me,
            _("It was not me"),
        ),
        text=f"{first}\n\n{url}\n\n{then}\n\n{other}\n{not_me}\n",
        reply_to=asked.mandate.entity.email,
    )
