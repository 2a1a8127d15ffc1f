"""Can the accounts take money, and do the provider's messages reach us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fundraise.ops.golive import reach
from fundraise.ops.golive.line import Line, Result, Words, green, red
from fundraise.providers.base import Health, ProviderError, provider_of
from fundraise.providers.models import Account, ProviderEvent

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
Looked = Callable[[Account, Health], Result]


def ask_account() -> Result:
    """Every account with a provider to ask; the first that is not in order speaks."""
    return _asked(_account)


def ask_messages() -> Result:
    """Where the provider sends its messages, and whether one of our own gets through."""
    return _asked(_messages)


def _asked(look: Looked) -> Result:
    accounts = Account.objects.filter(is_active=True).order_by("pk")
    hosted = [account for account in accounts if provider_of(account).hosted]
    if not hosted:
        return red("none")
    last = red("none")
    for account in hosted:
        try:
            found = provider_of(account).health(account)
            last = look(account, found) if found else red("none")
        except ProviderError as error:
            last = red("refused", account=account.slug, error=error.code)
        if last.state != "green":
            return last
    return last


def _account(account: Account, found: Health) -> Result:
    told = {"account": account.slug, "ref": found.account_ref}
    if account.external_id != found.account_ref:
        return red("another", **told, ours=account.external_id or "–")
    if account.livemode != settings.LIVE:
        return red("mode", **told)
    if not found.takes_charges:
        return red("no_charges", **told)
    if not found.pays_out:
        return red("no_payouts", **told)
    if found.country != "SE":
        return red("country", **told, country=found.country or "–")
    if not found.statement:
        return red("no_statement", **told)
    if not found.has_swish:
        return red("no_swish", **told)
    return green("takes", **told, statement=found.statement)


def _messages(account: Account, found: Health) -> Result:
    url = f"{settings.BASE_URL}/webhooks/{account.provider}/{account.slug}"
    ours = [hook for hook in found.hooks if _is_same(hook.url, url)]
    if not ours:
        return red("no_hook", url=url)
    hook = next((one for one in ours if one.is_enabled), None)
    if hook is None:
        return red("hook_off", url=url)
    if not hook.version_is_ours:
        return red("hook_version", url=url, version=settings.STRIPE_API_VERSION)
    if hook.missing:
        return red("hook_kinds", url=url, kinds=", ".join(hook.missing))
    return _through_the_front_door(account, url)


def _is_same(theirs: str, ours: str) -> bool:
    """The same address; in play the machine itself has several names."""
    one, two = urlsplit(theirs), urlsplit(ours)
    if not settings.LIVE and {one.hostname, two.hostname} <= LOOPBACK:
        return (one.port, one.path) == (two.port, two.path)
    return theirs == ours


def _through_the_front_door(account: Account, url: str) -> Result:
    sample = provider_of(account).sample(account)
    if sample is None:
        return red("none")
    try:
        answer = reach.fetch(url, body=sample.body, headers=sample.headers)
    except reach.Unreachable as error:
        return red(error.code, url=url)
    if answer.status != 200:
        return red("not_taken", url=url, status=answer.status)
    if not ProviderEvent.objects.filter(account=account, event_id=sample.event_id).exists():
        return red("elsewhere", url=url)
    return green("arrived", url=url)


def _keys() -> str:
    accounts = Account.objects.filter(is_active=True).order_by("pk")
    rows = accounts.values_list("provider", "slug", "external_id", "livemode")
    return "\n".join([settings.BASE_URL, settings.STRIPE_SECRET_KEY, *map(str, rows)])


NONE = Words(
    _("No account with a payment provider is switched on."),
    _("Make one: docs/providers.md. Without it only gifts by hand and to numbers come in."),
)
REFUSED = Words(
    _("The provider refused to answer for %(account)s: %(error)s."),
    _(
        "no_key: STRIPE_SECRET_KEY is not set. A restricted key needs the right to read accounts"
        " and webhook endpoints."
    ),
)
LINE = Line(
    key="stripe",
    title=_("Stripe and Swish"),
    asks=_(
        "Stripe is asked whether the account takes cards and Swish, pays out, and is the right one."
    ),
    ask=ask_account,
    about=_keys,
    holds_for=timedelta(days=30),
    words={
        "none": NONE,
        "refused": REFUSED,
        "takes": Words(
            _(
                "%(ref)s takes cards and Swish and pays out. On the giver's statement stands"
                " %(statement)s."
            )
        ),
        "another": Words(
            _("The key belongs to %(ref)s, but the account %(account)s here says %(ours)s."),
            _("Set the right key, or mend the account's name at the provider."),
        ),
        "mode": Words(
            _("%(account)s is kept as an account of another mode than this installation's."),
            _("A live installation needs an account marked live, and play one that is not."),
        ),
        "no_charges": Words(
            _("%(ref)s may not take payments yet."),
            _("Log in to Stripe: it says which details are missing."),
        ),
        "no_payouts": Words(
            _("%(ref)s may not pay out yet."),
            _("Log in to Stripe: give the bank account, and let Stripe check it."),
        ),
        "country": Words(
            _("%(ref)s belongs to %(country)s, not to Sweden."),
            _("Swish needs a Swedish account. Open a new one: the country can't be changed."),
        ),
        "no_statement": Words(
            _("%(ref)s has no name for the giver's bank statement."),
            _("Set it in Stripe, under public details: who doesn't know a name calls the bank."),
        ),
        "no_swish": Words(
            _("%(ref)s takes no Swish yet."),
            _("Ask for it in Stripe under payment methods. Without it, sign this line."),
        ),
    },
)
MESSAGES_LINE = Line(
    key="webhook",
    title=_("Stripe's messages"),
    asks=_(
        "Stripe is asked where it sends messages, and a signed one of our own is sent to the public"
        " address and must be found stored."
    ),
    ask=ask_messages,
    about=_keys,
    holds_for=timedelta(days=30),
    words={
        "none": NONE,
        "refused": REFUSED,
        "arrived": Words(_("Stripe sends to %(url)s, and a message of our own came through it.")),
        "no_hook": Words(
            _("Stripe sends nothing to %(url)s."),
            _("Make a webhook endpoint with that address: docs/settings.md, “Stripe, for real”."),
        ),
        "hook_off": Words(
            _("The endpoint %(url)s is switched off at Stripe."),
            _("Switch it on. Stripe switches off those that fail for days: see why it failed."),
        ),
        "hook_version": Words(
            _("The endpoint %(url)s speaks another API version."),
            _("Make it anew with version %(version)s: the version of one can't be changed."),
        ),
        "hook_kinds": Words(
            _("The endpoint %(url)s is not sent everything."),
            _("Add these events: %(kinds)s."),
        ),
        "not_taken": Words(
            _("A signed message to %(url)s was answered with status %(status)s."),
            _("400: STRIPE_WEBHOOK_SECRET differs between processes. 403 or 413: it is nginx."),
        ),
        "elsewhere": Words(
            _("%(url)s took the message, but it is not in this database."),
            _("The address leads to another installation with the same secret. Stop that one."),
        ),
        "name": Words(
            _("Nobody knows the name in %(url)s."), _("Mend the line about the address first.")
        ),
        "certificate": Words(
            _("The certificate of %(url)s is not good."),
            _("Mend the line about the address first."),
        ),
        "no_answer": Words(
            _("Nothing answers at %(url)s."), _("Mend the line about the address first.")
        ),
        "slow": Words(
            _("%(url)s did not answer within ten seconds."),
            _("Mend the line about the address first."),
        ),
    },
)
