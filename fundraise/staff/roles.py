"""What each role may do. One table: pages, actions, the API and docs/permissions.md follow it.

A permission is `subject.verb`. One of an entity is held for named legal entities (a district's
treasurer has the district only); one of the house concerns no entity and is held by whoever has
the role for an entity at the top.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    COMMS = "comms", _("Comms")
    TREASURER = "treasurer", _("Treasurer")
    DONOR_CARE = "donor_care", _("Donor care")
    SECOND = "second", _("Second person")
    ADMIN = "admin", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done, in words, and who may do it. `house`: it concerns no legal entity."""

    meaning: str | Promise
    roles: frozenset[Role]
    house: bool = False
    dangerous: bool = False  # asks who is there to log in again (sudo mode)


C, T, D, S, A, R = (
    Role.COMMS,
    Role.TREASURER,
    Role.DONOR_CARE,
    Role.SECOND,
    Role.ADMIN,
    Role.AUDITOR,
)
ALL = (C, T, D, S, A, R)


def _entity(meaning: Promise | str, *roles: Role, dangerous: bool = False) -> Permission:
    return Permission(meaning, frozenset(roles), dangerous=dangerous)


def _house(meaning: Promise | str, *roles: Role, dangerous: bool = False) -> Permission:
    return Permission(meaning, frozenset(roles), house=True, dangerous=dangerous)


PERMISSIONS: dict[str, Permission] = {
    # Money
    "gifts.view": _entity(_("See gifts, without the giver"), *ALL),
    "gifts.giver": _entity(_("Open who gave"), T, D, R),
    "gifts.start": _entity(_("Start a gift for a giver, from another site"), C, T, D, A),
    "gifts.enter": _entity(_("Enter a gift that came as cash or through the bank"), T),
    "gifts.confirm": _entity(_("Confirm a waiting gift by the bank's report"), T),
    "gifts.link": _entity(_("Say which donor a gift is from"), T, D),
    "gifts.export": _entity(_("Take gifts out as a file"), C, T, R),
    "receipts.view": _entity(
        _("See receipts and yearly statements, with the giver's name"), T, D, R
    ),
    "receipts.make": _entity(_("Make a receipt or a yearly statement that is asked for"), T, D),
    "refunds.view": _entity(_("See refunds"), *ALL),
    "refunds.ask": _entity(_("Ask for a refund"), T, D),
    "refunds.decide": _entity(_("Agree to a refund as the second person"), T, S),
    "refunds.confirm": _entity(_("Confirm a refund that was sent by hand"), T),
    "disputes.view": _entity(_("See disputes"), T, D, A, R),
    "payouts.view": _entity(_("See payouts and their lines"), T, A, R),
    "journals.view": _entity(_("See journals"), T, A, R),
    "money.export": _entity(_("Take payouts, journals and refunds out as a file"), T, R),
    # The books: what leaves them, and their months
    "books.view": _entity(_("See SIE files and who fetched them"), T, S, A, R),
    "books.export": _entity(_("Make and fetch SIE files"), T, dangerous=True),
    "books.agree": _entity(
        _("Agree to a SIE file being issued again, or a month opened again, as the second person"),
        T,
        S,
    ),
    "books.begin": _entity(
        _("Enter opening balances and money from before the start"), T, dangerous=True
    ),
    "periods.view": _entity(_("See the months of the books and how they were closed"), T, A, R),
    "periods.close": _entity(_("Sign the checklist of a month and close it"), T, dangerous=True),
    "periods.reopen": _entity(_("Ask for a closed month to be opened again"), T),
    # The bank and what it says
    "statements.view": _entity(_("See bank accounts, their statements and lines"), T, A, R),
    "statements.import": _entity(_("Take in and book a bank's files"), T),
    "matches.decide": _entity(_("Say what a line of the bank is"), T),
    "matches.undo": _entity(_("Undo what a line of the bank was said to be"), T),
    "matches.agree": _entity(
        _(
            "Agree to a rule of matching, to an undoing in a closed month, or that the bank refused"
            " to pay, as the second person"
        ),
        T,
        S,
    ),
    "match_rules.change": _entity(
        _("Try, change and switch on rules of matching"), T, dangerous=True
    ),
    "exceptions.view": _entity(_("See what no rule could settle"), T, D, A, R),
    "exceptions.settle": _entity(_("Settle what no rule could"), T),
    "bank_accounts.change": _entity(
        _("Open bank accounts and change their numbers"), A, dangerous=True
    ),
    "bank_accounts.agree": _entity(
        _("Agree to another number of a bank account as the second person"), A, S
    ),
    "proof.view": _entity(_("See the daily proof"), T, A, R),
    "proof.run": _entity(_("Have the daily proof done again"), T),
    "party.view": _entity(_("See party finance: sums, limits and filed reports"), T, A, R),
    "party.change": _entity(
        _("Enter sums, gifts in kind and cash collections, and settle what is held"), T
    ),
    "party.rules": _entity(
        _("Set an entity's limit for anonymous gifts and its rule for foreign money"),
        A,
        dangerous=True,
    ),
    "party.file": _entity(_("File a party-finance report"), T, dangerous=True),
    "charity.view": _entity(_("See a charity's control statements, costs and funds"), T, A, R),
    "charity.change": _entity(_("Enter a charity's costs and what funds were used for"), T),
    "charity.file": _entity(
        _("File control statements, and take them out with identity numbers"), T, dangerous=True
    ),
    # Monthly giving
    "pledges.view": _entity(_("See monthly gifts and their draws, without the giver"), *ALL),
    "pledges.start": _entity(_("Start a monthly gift for a giver"), T, D),
    "pledges.change": _entity(
        _("Change, pause and stop a monthly gift as its giver asks, and undo it"), T, D
    ),
    "pledges.export": _entity(_("Take monthly gifts and their draws out as a file"), C, T, R),
    "mandates.view": _entity(_("See mandates and what the banks answered"), T, D, A, R),
    "mandates.key_in": _entity(_("Key in a mandate that came on paper"), T, D),
    "mandates.answer": _entity(_("Answer a mandate from the Internet bank"), T, D),
    "mandates.proof": _entity(
        _("Take out the proof of a mandate, with account and identity number"),
        T,
        D,
        dangerous=True,
    ),
    "mandates.adopt": _entity(
        _("Take over what Bankgirot's register of mandates says"), T, dangerous=True
    ),
    "autogiro.view": _entity(_("See autogiro: files, file days and their queue"), T, D, A, R),
    "autogiro.deliver": _entity(_("Fetch a file to Bankgirot and say that it is delivered"), T),
    "autogiro.approve": _entity(_("Approve the totals of a file to Bankgirot"), T, dangerous=True),
    "autogiro.take_in": _entity(_("Take in a file from Bankgirot"), T),
    "autogiro.settle": _entity(
        _("Say whether a file in doubt was delivered, and settle rows nobody knows"),
        T,
        dangerous=True,
    ),
    "autogiro.change": _entity(
        _("Set the autogiro agreement and the payer numbers that are ours"), A, dangerous=True
    ),
    "autogiro.export": _entity(_("Take lists of autogiro files out as a file"), T, R),
    # Asking
    "campaigns.view": _entity(_("See campaigns and their sums"), *ALL),
    "campaigns.change": _entity(_("Make and change campaigns"), C, A),
    "appeals.view": _entity(_("See appeals and what they brought"), *ALL),
    "appeals.write": _entity(_("Write appeals and choose who gets them"), C),
    "appeals.send": _entity(_("Schedule, pause, stop and settle appeals"), C, dangerous=True),
    "appeals.export": _entity(_("Take appeals and what became of their mails out as a file"), C, R),
    "appeals.approve": _entity(_("Agree to an appeal as the second person"), C, S, A),
    "segments.view": _entity(_("See segments and how many they hold"), C, T, D, R),
    "segments.write": _entity(_("Make and change segments"), C),
    "mail.senders": _entity(_("Say which addresses appeals may come from"), C, A, dangerous=True),
    "mail.replies": _house(_("Read and answer what people write back to appeals"), C, D),
    "mail.suppressions": _house(_("See addresses that are not mailed, and why"), C, D, A, R),
    "mail.lift": _house(_("Keep an address from being mailed, and let one in again"), C, D),
    "payments.view": _entity(_("See lists of refunds and debts to pay at the bank"), T, A, R),
    "payments.make": _entity(
        _("Make lists of refunds and debts to pay at the bank, and fetch them"), T, dangerous=True
    ),
    # Whose books they are
    "entities.view": _entity(_("See legal entities, their books and accounts"), T, A, R),
    "entities.change": _entity(
        _("Change a legal entity's contact details and add districts"), A, dangerous=True
    ),
    # People
    "donors.view": _entity(_("Find and open donors"), C, T, D, R),
    "references.issue": _entity(_("Issue an OCR number to a donor or for a monthly gift"), C, T, D),
    "donors.change": _entity(_("Change a donor, consents and tags"), D),
    "donors.export": _entity(_("Take donors out as a file"), D, R, dangerous=True),
    "donors.import": _house(_("Bring a member list in"), D),
    "donors.merge": _house(_("Say whether two records are one donor"), D, dangerous=True),
    "donors.forget": _house(_("Forget a donor for good"), D, dangerous=True),
    # The house
    "alarms.view": _house(_("See alarms"), C, T, D, A, R),
    "alarms.close": _house(_("Close an alarm"), T, A),
    "jobs.view": _house(_("See scheduled jobs and their runs"), T, A, R),
    "events.view": _house(_("See providers' messages"), T, A, R),
    "events.replay": _house(_("Work on a provider's message again"), T, A),
    "defence.view": _house(_("See attacks on the donation page"), C, T, D, A, R),
    "defence.switch": _house(_("Close and open card gifts"), T, A),
    "settings.view": _house(_("See every setting and what it means"), T, A, R),
    "golive.view": _house(_("See what is left before going live"), T, A, R),
    "golive.test": _house(_("Test a line of the go-live page"), T, A),
    "golive.sign": _house(_("Sign a line of the go-live page"), A, dangerous=True),
    "privacy.view": _house(_("See the data-protection page"), D, A, R),
    "log.view": _house(_("See who changed and who looked"), A, R),
    "exports.view": _house(_("See what was taken out, and by whom"), A, R),
    "staff.view": _house(_("See staff and their roles"), A, R),
    "staff.manage": _house(_("Invite staff, give and end roles"), A, dangerous=True),
    "keys.view": _house(_("See keys of the API"), T, D, A, R),
    "keys.manage": _house(
        _("Make keys of the API with rights of one's own, and end keys"), T, D, A, dangerous=True
    ),
    "webhooks.view": _house(_("See where facts are sent to"), A, R),
    "webhooks.manage": _house(_("Choose where facts are sent to"), A, dangerous=True),
}


def of_role(role: str) -> frozenset[str]:
    """The names of a role's permissions."""
    return frozenset(name for name, one in PERMISSIONS.items() if role in one.roles)
