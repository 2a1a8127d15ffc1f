"""Does our public address lead to us: asked from outside in, by a word that only we can answer."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.ops import health
from fundraise.ops.golive import reach
from fundraise.ops.golive.line import Line, Result, Words, green, red

SOON = timedelta(days=14)


def ask() -> Result:
    """Fetch our own /healthz through the public address."""
    nonce = secrets.token_urlsafe(24)
    try:
        answer = reach.fetch(f"{settings.BASE_URL}/healthz?nonce={nonce}")
    except reach.Unreachable as error:
        return red(error.code, url=settings.BASE_URL)
    if answer.status != 200:
        return red("status", url=settings.BASE_URL, status=answer.status)
    if answer.headers.get(health.PROOF_HEADER.lower()) != health.proof_of(nonce):
        return red("another", url=settings.BASE_URL)
    if answer.certificate_ends is None:
        code = "plain" if not settings.LIVE else "no_https"
        return (red if settings.LIVE else green)(code, url=settings.BASE_URL)
    left = answer.certificate_ends - clock.real_now()
    made = red if left < SOON else green
    return made("ends" if left < SOON else "ours", url=settings.BASE_URL, days=left.days)


LINE = Line(
    key="domain",
    title=_("The address"),
    asks=_(
        "Our public address is fetched from outside in; only this installation knows the reply."
    ),
    ask=ask,
    about=lambda: str(settings.BASE_URL),
    holds_for=timedelta(days=30),
    words={
        "ours": Words(_("%(url)s leads here. Its certificate is good for %(days)s days more.")),
        "plain": Words(
            _("%(url)s leads here, without https. That is fine for play, not for live.")
        ),
        "no_https": Words(
            _("%(url)s leads here, without https."),
            _("Get a certificate and set FUNDRAISE_BASE_URL to the https address."),
        ),
        "ends": Words(
            _("%(url)s leads here, but its certificate ends in %(days)s days."),
            _("See why it was not renewed: certbot renews 30 days before the end."),
        ),
        "name": Words(
            _("Nobody knows the name in %(url)s."),
            _("Set an A or AAAA record at your name server, or mend FUNDRAISE_BASE_URL."),
        ),
        "certificate": Words(
            _("The certificate of %(url)s is not good: ended, for another name, or self-made."),
            _("Renew it, and see that nginx has been reloaded since."),
        ),
        "no_answer": Words(
            _("Nothing answers at %(url)s."),
            _("See that nginx runs and that the firewall lets port 443 in."),
        ),
        "slow": Words(
            _("%(url)s did not answer within ten seconds."),
            _("See that nginx reaches gunicorn, and that the machine may call its own address."),
        ),
        "status": Words(
            _("%(url)s answered with status %(status)s."),
            _("400: the name is missing in FUNDRAISE_ALLOWED_HOSTS. 502: gunicorn is not up."),
        ),
        "another": Words(
            _("Somebody answers at %(url)s, but it is not this installation."),
            _("Another server, an old one, or a cache in front of it answers /healthz."),
        ),
    },
)
