"""Can autogiro's files be made, leave and come back: numbers, key, payer range, way, people."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.ops.golive.line import Line, Result, Words, green, red
from fundraise.pledges.models import PayerRange
from fundraise.pledges.times import times_on
from fundraise.providers.giro import calendar, terms
from fundraise.providers.giro.models import Agreement
from fundraise.providers.models import Account
from fundraise.providers.transport.base import TransportError
from fundraise.providers.transport.chosen import transport


def ask() -> Result:
    """Every autogiro account that is switched on; the first that is not in order speaks."""
    accounts = list(Account.objects.filter(provider="autogiro", is_active=True).order_by("pk"))
    if not accounts:
        return green("none")
    for account in accounts:
        wrong = _wrong(account)
        if wrong is not None:
            return wrong
    carried = [account for account in accounts if calendar.is_by_hand(account.entity_id)]
    if carried:
        hour = times_on(clock.today()).until_for(by_hand=True)
        return green("by_hand", count=len(accounts), carried=len(carried), hour=f"{hour:%H:%M}")
    return green("ready", count=len(accounts))


def _wrong(account: Account) -> Result | None:
    agreement = Agreement.objects.filter(account=account).first()
    if agreement is None:
        return red("no_agreement", account=account.slug)
    try:
        terms.payee_of(agreement)
    except terms.TermsError as error:
        return red(error.code, account=account.slug)
    if not PayerRange.objects.filter(entity=account.entity_id).exists():
        return red("no_range", account=account.slug)
    if agreement.stopped_at is not None:
        return red("stopped", account=account.slug)
    return _unmoved(agreement, account.slug)


def _unmoved(agreement: Agreement, slug: str) -> Result | None:
    """What keeps files from leaving: nobody to carry them, or a folder that does not answer."""
    if agreement.by_hand:
        named = agreement.carriers.filter(user__is_active=True)
        if named.filter(is_deputy=False).exists() and named.filter(is_deputy=True).exists():
            return None
        return red("no_carriers", account=slug)
    way = transport()
    if way is None:
        return red("no_transport", account=slug)
    try:
        way.incoming()
    except TransportError:
        return red("unreachable", account=slug)
    return None


def _about() -> str:
    rows = Account.objects.filter(provider="autogiro").order_by("pk")
    return "\n".join(
        [
            settings.AUTOGIRO_TRANSPORT,
            settings.AUTOGIRO_SFTP_HOST,
            *map(str, rows.values_list("slug", "external_id", "is_active")),
        ]
    )


LINE = Line(
    key="autogiro",
    title=_("Autogiro"),
    asks=_(
        "Bankgiro number, customer number and seal key are read, payer numbers looked for, and the "
        "folder of the files is opened."
    ),
    ask=ask,
    about=_about,
    holds_for=timedelta(days=30),
    words={
        "none": Words(_("No autogiro account is switched on, so there is nothing to test.")),
        "ready": Words(_("Files can be made and leave for %(count)s accounts.")),
        "by_hand": Words(
            _("Files can be made and leave for %(count)s accounts. %(carried)s of them are carried "
              "by hand: made at %(hour)s on a file day, and whoever carries them is told at noon.")
        ),
        "no_agreement": Words(
            _("%(account)s has no agreement kept here."),
            _("Press Begin with autogiro on the page Autogiro. Without it no file is made."),
        ),
        "bankgiro": Words(
            _("%(account)s has no right bankgiro number."),
            _("Write it as the account's name at the provider, such as 5050-1055."),
        ),
        "customer_number": Words(
            _("%(account)s has no right customer number at Bankgirot."),
            _("Set AUTOGIRO_CUSTOMER_NUMBER: the six digits of the agreement."),
        ),
        "seal_key": Words(
            _("%(account)s has no right key for the seal."),
            _("Set AUTOGIRO_SEAL_KEY: the 32 signs that Bankgirot sent, in two letters."),
        ),
        "test_key": Words(
            _("%(account)s would seal live files with Bankgirot's public test key."),
            _("Set AUTOGIRO_SEAL_KEY to the key that Bankgirot sent."),
        ),
        "no_range": Words(
            _("No payer numbers are set for %(account)s."),
            _("An administrator sets them on the page Autogiro, apart from other systems'."),
        ),
        "stopped": Words(
            _("Bankgirot has ended the agreement of %(account)s."),
            _("Call the bank. When it is mended, start the agreement again on the page Autogiro."),
        ),
        "no_carriers": Words(
            _("The files of %(account)s are carried by hand, but not both somebody and a deputy "
              "are named."),
            _("Name them on the page Autogiro: both are told when a file has not left at noon."),
        ),
        "no_transport": Words(
            _("The files of %(account)s have no way to the bank."),
            _("Set AUTOGIRO_TRANSPORT, or choose on the page Autogiro to carry them by hand."),
        ),
        "unreachable": Words(
            _("The folder for the files of %(account)s does not answer."),
            _("Look at the folder's rights, or at the server's name, key and user."),
        ),
    },
)  # fmt: skip
