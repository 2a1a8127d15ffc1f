"""The register of processing (GDPR Art. 30): what is kept of whom, why, on what ground, how long.

One entry for each thing that is kept, with the tables it lies in. A table that holds nobody stands
in NOBODY; a test fails when a table stands in neither, so that no new one goes unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise.gifts.services import ENDED_KEPT_FOR
from fundraise.hooks.delivery import KEPT_FOR as FACTS_KEPT_FOR
from fundraise.providers.attempts import REQUEST_OF_NO_USE_AFTER
from fundraise.providers.intake import KEPT_FOR as MESSAGES_KEPT_FOR
from mailings.inbound.intake import RAW_KEPT_DAYS
from mailings.transactional import BODY_KEPT_FOR

Text = str | Promise

UNTIL_FORGOTTEN = _("until the donor is forgotten")
SEVEN_YEARS = _("until the seventh year after the gift's year has ended")
ART_9 = _("consent, or Art. 9(2)(d) for members and people in regular contact")
BOOKS = _("law: the bookkeeping act 7:2 and the party-finance act (2018:90)")
LAW_TAX = _("law: the tax procedure act (2011:1244) 22")
INTEREST = _("legitimate interest: to show what was done, and by whom")


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept. `days` where it is a number of days, else `until` says how long."""

    what: Text
    purpose: Text
    ground: Text
    tables: tuple[str, ...]
    until: Text = ""
    days: int | None = None


def register() -> list[Kept]:
    """Everything, with the numbers that the settings and the code have now."""
    return [*_donors(), *_gifts(), *_bank(), *_house()]


def _donors() -> list[Kept]:
    return [
        Kept(
            _("Donors: name, kind and language, sealed under a key of their own"),
            _("to keep a register of donors"), ART_9,
            ("donors.Donor", "donors.DonorKey"), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("That two records were one donor, why, and the other name, sealed"),
            _("to read the donor's history whole, and to show what was merged"), INTEREST,
            ("donors.DonorMerge",), _("the name until the donor is forgotten, the rest for good"),
        ),
        Kept(
            _("That two records that are alike are two donors, who said so, and why"),
            _("so that they are not made one by mistake"), INTEREST,
            ("donors.DonorsApart",), _("until it is taken back, or one of them is forgotten"),
        ),
        Kept(
            _("E-mail, phone and postal address, sealed; postcode and town open"),
            _("to send receipts and, where it is allowed, appeals"), ART_9,
            ("donors.ContactPoint",), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("Identity numbers, sealed"),
            _("mandates, control statements and the party-finance report, and nothing else"),
            _("law: the data-protection act (2018:218) 3:10"),
            ("donors.Identity",), _("until the reason beside the number ends"),
        ),
        Kept(
            _("Consents, memberships and refusals, with proof"),
            _("to know and to show what we may"), _("law: Art. 5(2) and 7(1)"),
            ("donors.LegalBasis", "donors.ConsentWording"),
            _("for as long as the donor's row: a refusal must be remembered"),
        ),
        Kept(
            _("The day of a death, and that somebody wants no contact"),
            _("to send nothing to the dead or to those who said no"),
            _("law: Art. 21, so that a no holds"), ("donors.Donor",),
            _("for as long as the donor's row: a refusal must be remembered"),
        ),
        Kept(
            _("Tags"), _("to sort donors"), ART_9,
            ("donors.Tag", "donors.DonorTag"), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("Member lists that were brought in, sealed, and what became of their rows"),
            _("to mend rows that were left out"), ART_9,
            ("donors.ImportRun", "donors.ImportRow"), days=settings.IMPORT_KEEP_DAYS,
        ),
        Kept(
            _("Lists of gifts from before the start, sealed until they are booked"),
            _("so that what will be booked is seen first"), ART_9,
            ("books.EarlierList",), days=settings.IMPORT_KEEP_DAYS,
        ),
        Kept(
            _("Keyed hashes of forgotten e-mail addresses"),
            _("so that an older list brings nobody back"),
            _("law: Art. 17, so that the erasure holds"),
            ("donors.ForgottenAddress",), _("for as long as the look-up key is set"),
        ),
        Kept(
            _("Keyed hashes of addresses that are not mailed, and why; of the forgotten too"),
            _("so that a no holds, and mail that comes back is not sent again"),
            _("law: Art. 21, so that a no holds"),
            ("suppressions.Suppression", "suppressions.Difference"),
            _("for as long as the look-up key is set"),
        ),
        Kept(
            _("Mail to us as it came, sealed"),
            _("to read it, and to show what somebody asked for"), ART_9,
            ("inbound.InboundMail",), days=RAW_KEPT_DAYS,
        ),
        Kept(
            _("What people answer to appeals, sealed, and what was done about it"),
            _("to do what they ask for"), ART_9, ("inbound.Reply",),
            _("the words %(days)s days after it was closed") % {"days": settings.REPLIES_KEEP_DAYS},
        ),
        Kept(
            _("How often a donor wants to hear from us"),
            _("to write no oftener than that"), ART_9,
            ("suppressions.MailWish",), UNTIL_FORGOTTEN,
        ),
    ]  # fmt: skip


def _gifts() -> list[Kept]:
    return [
        Kept(
            _("Party finance: givers' years, gifts in kind, what is held back, who was asked"),
            _("the report that the party-finance act wants, and its limits"), BOOKS,
            ("party.PartyReport", "party.ReportLine", "party.ReportDonor", "party.GiftInKind",
             "party.Hold", "party.ForeignLook", "party.IdentityAsk", "party.WithinParty"),
            SEVEN_YEARS,
        ),
        Kept(
            _("Control statements of givers who asked for them, with their numbers"),
            _("to tell Skatteverket what lowers a giver's tax"), LAW_TAX,
            ("charity.ControlRow", "charity.ControlLeftOut", "charity.SpecificationNumber",
             "charity.NumberAsk"),
            SEVEN_YEARS,
        ),
        Kept(
            _("Who gave more than half a price base amount, and who counted cash, sealed"),
            _("the report that the party-finance act wants, and its limits"), BOOKS,
            ("party.ReportIdentity", "party.CashCollection"), SEVEN_YEARS,
        ),
        Kept(
            _("Gifts, refunds, disputes and receipts"),
            _("the books, and reports that the law wants"), BOOKS,
            ("gifts.Gift", "gifts.GiftTransition", "gifts.Refund", "gifts.RefundTransition",
             "gifts.Dispute", "reporting.Receipt"), SEVEN_YEARS,
        ),
        Kept(
            _("Yearly statements, and papers as they were handed out, sealed"),
            _("to hand the same paper out again"), BOOKS,
            ("reporting.YearStatement", "reporting.StatementLine", "reporting.KeptPaper",
             "reporting.YearTelling"),
            SEVEN_YEARS,
        ),
        Kept(
            _("What each donor has given, added up"),
            _("to choose who is written to, and what is asked for"), BOOKS,
            ("giving.DonorGiving", "giving.CampaignGiving", "giving.ChannelGiving"), SEVEN_YEARS,
        ),
        Kept(
            _("What donors are chosen by, in one row: sums, place, consents, mails and clicks"),
            _("to choose who is written to, and what is asked for"), ART_9,
            ("segments.Profile", "segments.MailStanding"),
            _("for as long as the donor's row; place and consents until the donor is forgotten"),
        ),
        Kept(
            _("What givers typed, sealed with the gift"),
            _("receipts, and who gave where the law wants a name"), BOOKS,
            ("gifts.GiverDetails",), SEVEN_YEARS,
        ),
        Kept(
            _("Pledges, their periods, draws and changes"),
            _("to draw what was promised, once, and to show it"), BOOKS,
            ("pledges.Pledge", "pledges.PledgeTransition", "pledges.PledgeChange",
             "pledges.Instalment", "pledges.InstalmentTransition", "pledges.Collection",
             "pledges.CollectionTransition", "pledges.Instead"), SEVEN_YEARS,
        ),
        Kept(
            _("What givers typed, sealed with the pledge"),
            _("notices before draws, and who gave where the law wants a name"), BOOKS,
            ("pledges.PledgeDetails", "pledges.Notice"), SEVEN_YEARS,
        ),
        Kept(
            _("Mandates: account and identity number sealed, signature, payer number"),
            _("to draw, and to prove the permission when a bank asks"),
            _("law: the data-protection act (2018:218) 3:10, and the bookkeeping act 7:2"),
            ("pledges.Mandate", "pledges.MandateTransition", "pledges.Signature",
             "providers.KeptCard"),
            _("seven years after the mandate's year has ended"),
        ),
        Kept(
            _("Files to and from Bankgirot, sealed, and what became of their rows"),
            _("to draw, to show where the books come from, and to prove mandates"), BOOKS,
            ("giro.OutFile", "giro.Order", "giro.InFile", "giro.InRow", "giro.OtherFile",
             "giro.Question"), SEVEN_YEARS,
        ),
        Kept(
            _("What was typed for gifts that never came"),
            _("so that a giver can go on"), _("steps before a gift, asked for by the giver"),
            (), days=ENDED_KEPT_FOR.days,
        ),
        Kept(
            _("Keyed hashes of givers, to count them"),
            _("the number of donors on the thermometer"), BOOKS,
            ("campaigns.Giver",), SEVEN_YEARS,
        ),
        Kept(
            _("What a provider was asked, sealed"),
            _("to ask again with the same words"), BOOKS,
            ("providers.Attempt", "providers.CardPage"), days=REQUEST_OF_NO_USE_AFTER.days,
        ),
        Kept(
            _("Providers' messages, sealed"),
            _("to show where the books come from, and for disputes"), BOOKS,
            ("providers.ProviderEvent",), days=MESSAGES_KEPT_FOR.days,
        ),
        Kept(
            _("Mails about one gift, address and text sealed; that one was sent is kept longer"),
            _("to send receipts"), _("to keep what the giver was promised"),
            ("mailings.TransactionalMessage",), days=BODY_KEPT_FOR.days,
        ),
        Kept(
            _("Who got which appeal, or why not: numbers and a keyed hash of the address"),
            _("so that nobody gets an appeal twice, and nobody is missed"), ART_9,
            ("appeals.Chunk", "appeals.Message", "appeals.Reached"), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("Addresses and values of an appeal's mails, sealed"),
            _("to send what was prepared, once"), ART_9,
            ("appeals.Payload",), days=settings.APPEAL_PAYLOAD_DAYS,
        ),
        Kept(
            _("What became of each appeal's mail: delivered, came back, followed, answered"),
            _("to stop what is not wanted, and to see what an appeal brought"), ART_9,
            ("appeals.Fate",), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("Who is on the way through which journey, by number"),
            _("so that a mail that follows an event comes once, and stops in time"), ART_9,
            ("journeys.Run", "journeys.Posted"), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("Which appeal each gift, monthly gift and raise is counted to"),
            _("to see what an appeal brought"), ART_9,
            ("attribution.GiftTouch", "attribution.PledgeTouch", "attribution.RaiseTouch"),
            UNTIL_FORGOTTEN,
        ),
        Kept(
            _("Who gets which letter, by number, and the last gift that it asks from"),
            _("to send the letters that were chosen, and to know their gifts"), ART_9,
            ("attribution.Letter",), UNTIL_FORGOTTEN,
        ),
        Kept(
            _("The sender's posts about mails, with addresses, sealed"),
            _("to read them again when something went wrong"), ART_9,
            ("mail_events.EventPost",), days=settings.EVENT_POSTS_KEEP_DAYS,
        ),
        Kept(
            _("Single events and visits to links in appeals, by number, without addresses"),
            _("to tell people from machines"), ART_9,
            ("mail_events.MailEvent", "mail_events.Arrival", "mail_events.ToJudge"),
            days=settings.MAIL_EVENTS_KEEP_DAYS,
        ),
    ]  # fmt: skip


def _bank() -> list[Kept]:
    return [
        Kept(
            _("Files from banks, sealed, and what each line of them was: payers' words sealed"),
            _("to tie every krona at the bank to a gift, and to show where the books come from"),
            BOOKS,
            ("reconciliation.StatementFile", "reconciliation.Statement", "reconciliation.Line",
             "reconciliation.Item", "reconciliation.Match", "reconciliation.QueueItem",
             "reconciliation.PaymentList", "reconciliation.PaymentRow"),
            SEVEN_YEARS,
        ),
        Kept(
            _("References issued to donors, and keyed hashes of accounts and phones they pay from"),
            _("to know whose gift a payment is"), BOOKS,
            ("reconciliation.Reference", "reconciliation.PayerAlias"), SEVEN_YEARS,
        ),
    ]  # fmt: skip


def _house() -> list[Kept]:
    return [
        Kept(
            _("Who changed what, and who looked"),
            _("to answer who has seen a donor"), INTEREST,
            ("audit.ChangeLine", "audit.ReadLine"), _("for as long as the register"),
        ),
        Kept(
            _("Files taken out: sealed while they can be fetched; who took out what, longer"),
            _("so that work can go on outside, and be accounted for"), INTEREST,
            ("reporting.ExportRecord",),
            _("the file %(hours)s hours; that it was taken out, as long as the register")
            % {"hours": settings.EXPORT_KEPT_HOURS},
        ),
        Kept(
            _("Facts sent to other programs: references only, no person"),
            _("so that the organisation's other programs follow along"), BOOKS,
            ("hooks.Endpoint", "hooks.Delivery"), days=FACTS_KEPT_FOR.days,
        ),
        Kept(
            _("Staff: names, log-ins and roles; keys of the API"),
            _("to let in those who work here, and nobody else"),
            _("work for the organisation"),
            ("auth.User", "staff.RoleHeld", "staff.Approval", "staff.LastCode", "mfa.Authenticator",
             "keys.ApiKey", "giro.Carrier", "giro.CalendarFeed"),
            _("for as long as the logs that name them"),
        ),
        Kept(
            _("Staff: sessions with network address and browser"),
            _("so that staff see and end their own sessions"), _("legitimate interest: security"),
            ("usersessions.UserSession", "sessions.Session"),
            _("until the session ends, twelve hours at the longest"),
        ),
        Kept(
            _("Links to My pages and visits there, the address sealed"),
            _("so that donors see, change and end what is theirs"),
            _("steps that the donor asks for"),
            ("give.LoginLink", "give.Visit"), days=1,
        ),
        Kept(
            _("Changes of address that wait for both mailboxes, the new address sealed"),
            _("so that nobody but the donor changes it"),
            _("steps that the donor asks for"),
            ("give.AddressMove",), days=7,
        ),
        Kept(
            _("Keyed hashes of network address blocks"),
            _("to keep card testers and guessers out"), _("legitimate interest: security"),
            ("limits.Bucket", "limits.Tally", "limits.Breaker", "limits.Spent"), days=14,
        ),
        Kept(
            _("Answers to programs that write through the API, sealed"),
            _("so that the same request is done once"), BOOKS,
            ("api.WriteRequest",), days=1,
        ),
    ]  # fmt: skip


# Apps and tables that hold nobody: money without names, the house's own state.
NOBODY = frozenset(
    {
        "gifts.GivingRule", "party.TypedSum", "party.YearFacts",
        "charity.ControlList", "charity.Cost", "charity.InReturn", "charity.FundSpend",
        "ledger", "books.BookExport", "books.ExportedJournal", "books.BookFetch",
        "books.BookReissue", "books.MonthSignature", "books.Closing", "books.PackFile",
        "books.Reopening", "books.EarlierMember", "jobs", "outbox", "verified", "ops",
        "campaigns.Fund", "campaigns.Campaign", "campaigns.Thermometer",
        "campaigns.DayTotal", "providers.Account", "providers.Pause", "providers.Payout",
        "providers.BalanceLine", "providers.BalanceSnapshot", "reporting.ReceiptCounter",
        "reporting.StatementCounter",
        "pledges.MandateWording", "pledges.PayerRange",
        "giro.Agreement", "giro.Deposit", "appeals.Appeal", "appeals.AppealTransition",
        "appeals.Variant", "appeals.Content", "appeals.Link", "appeals.Wave", "appeals.Batch",
        "appeals.Bucket", "appeals.FateCount", "appeals.Trial", "journeys.Journey", "journeys.Step",
        "attribution.SourceCode", "attribution.Watcher", "attribution.StaffTask",
        "composing.Picture", "composing.Template",
        "composing.TemplateVersion",
        "segments.Segment", "segments.SegmentVersion", "segments.Stale",
        "reconciliation.BankAccount", "reconciliation.AccountNumber", "reconciliation.CsvMapping",
        "reconciliation.ExpectedFile", "reconciliation.Rule", "reconciliation.RuleVersion",
        "reconciliation.Proposal",
        "reconciliation.RuleTrial", "reconciliation.ProofRun", "reconciliation.ProofLine",
    }
)  # fmt: skip
