"""The preflight list in words: what was looked at, what was found, what to do, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from fundraise.console.appeals import when
from fundraise.console.templatetags.staff import number
from fundraise.console.writing import words as editor
from fundraise.language import SWEDISH
from mailings.appeals.models import Appeal
from mailings.appeals.preflight import BLOCK, OK, UNKNOWN, WARN, Check

ORDER = (BLOCK, WARN, UNKNOWN, OK)
WRITE, PEOPLE, SCHEDULE = "appeal_write", "appeal_people", "appeal_schedule"
# Points about people and time as they are now, which mean nothing once it is scheduled.
OF_THE_MOMENT = {
    "people", "size", "consent", "mailed", "capped", "second_person", "quiet_hours", "campaign",
}  # fmt: skip
CAMPAIGN = "campaign"
OF_THE_HOUSE = {"senders"}  # pages that are of no appeal
Text = str | Promise
LANGUAGES: dict[str, Text] = {"sv": gettext_lazy("Swedish"), "en": gettext_lazy("English")}
SIGNS: dict[str, Text] = {
    "capitals": gettext_lazy("words in capitals in the subject"),
    "exclamations": gettext_lazy("several exclamation or question marks"),
    "phrases": gettext_lazy("words that advertising is known by"),
    "little_text": gettext_lazy("very little text"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the list."""

    code: str
    state: str
    title: str
    said: str
    link: str  # where it is mended; empty where there is nothing to mend


def points(appeal: Appeal, checks: list[Check]) -> list[Point]:
    """Every point in words: what must be mended first."""
    made = [_point(appeal, check) for check in checks]
    return sorted(made, key=lambda one: ORDER.index(one.state))


def _point(appeal: Appeal, check: Check) -> Point:
    if check.code not in POINTS:  # a point that is newer than its words
        return Point(check.code, check.state, check.code, "", "")
    title, say, step = POINTS[check.code]
    at = [appeal.campaign.ref] if step == CAMPAIGN else [] if step in OF_THE_HOUSE else [appeal.ref]
    link = reverse(f"console:{step}", args=at) if step and check.state != OK else ""
    if link and step == WRITE and "version" in check.args:  # the words that it is about
        link = f"{link}#{check.args['version']}-{check.args.get('language', '')}".rstrip("-")
    named = f"{title} ({_where(check.args)})" if "version" in check.args else str(title)
    return Point(check.code, check.state, named, say(check.state, check.args), link)


def _where(args: dict[str, Any]) -> str:
    language = str(LANGUAGES.get(args.get("language", ""), ""))
    return _("version %(letter)s, %(language)s") % {
        "letter": args["version"],
        "language": language.lower() if get_language() == SWEDISH else language,
    }


Args = dict[str, Any]


def _words(state: str, args: Args) -> str:
    if state == OK:
        return _("Subject and text are written.")
    if args.get("missing") == "all":
        return _("Nothing is written yet. Begin from a template, or with an empty mail.")
    return _("The subject is missing. Write it.")


def _fields(state: str, args: Args) -> str:
    if state == OK:
        return _("Every merge field has words for who lacks it, and nothing is left out.")
    said = (editor.PROBLEMS.get(code, code) for code in dict.fromkeys(args["problems"]))
    return " ".join(
        str(one) % {"what": "…"} if "%(what)s" in str(one) else str(one) for one in said
    )


def _links(state: str, args: Args) -> str:
    if state == OK:
        return _("Every link carries the appeal's reference, so that gifts are counted to it.")
    if not args["numbers"]:
        return _("No link leads to the donation page. Add an ask or a button.")
    shown = ", ".join(str(one) for one in args["numbers"])
    return _("Links without a proper address: number %(numbers)s.") % {"numbers": shown}


def _links_live(state: str, args: Args) -> str:
    hosts = ", ".join(args["hosts"])
    if state == OK:
        return _("Each link leads to a page that answers.")
    if state == UNKNOWN:
        return _("Not looked up from here. Try each link in a test mail: %(hosts)s.") % {
            "hosts": hosts
        }
    return _("A link leads to a page that is not there: %(hosts)s.") % {"hosts": hosts}


def _unsubscribe(state: str, _args: Args) -> str:
    if state == OK:
        return _("The mail, its plain text and its headers all have the way out.")
    return _("The mail or its plain text lacks the link to unsubscribe. Save the words again.")


def _weight(state: str, args: Args) -> str:
    said = {"n": args["kilobytes"]}
    if state == OK:
        return _("%(n)d kB, below the 100 kB at which Gmail cuts off.") % said
    return _("%(n)d kB: above 100 kB Gmail cuts it off. Shorten the text.") % said


def _filters(state: str, args: Args) -> str:
    if state == OK:
        return _("Nothing that spam filters are known to dislike. They may still.")
    signs = ", ".join(str(SIGNS.get(one, one)) for one in args["signs"])
    return _("Spam filters dislike this: %(signs)s.") % {"signs": signs}


def _languages(state: str, args: Args) -> str:
    if state == OK:
        return _("Each version is written in Swedish and English.")
    shown = ", ".join(args["versions"])
    return _("One language is missing in version %(letters)s: its readers get the other one.") % {
        "letters": shown
    }


def _from(state: str, args: Args) -> str:
    if state == OK:
        return ", ".join(args["addresses"])
    return _("Choose the address that it comes from, in every version.")


def _domain(state: str, args: Args) -> str:
    said = {"domain": args["domain"]}
    if state == OK:
        return _("SPF, DKIM and DMARC of %(domain)s are in order.") % said
    if state == UNKNOWN:
        return _("SPF, DKIM and DMARC of %(domain)s were not looked up from here.") % said
    lacks = [name.upper() for name in ("spf", "dkim", "dmarc") if args.get(name) == "missing"]
    return _("%(domain)s lacks %(missing)s: mail may land in spam. Tell the administrator.") % {
        **said,
        "missing": ", ".join(lacks) or "SPF, DKIM, DMARC",
    }


def _verified(_state: str, args: Args) -> str:
    return _("Not shown to be our own by a mailed code: %(addresses)s.") % {
        "addresses": ", ".join(args["addresses"])
    }


CARRIERS: dict[str, Text] = {
    "sendgrid": "SendGrid",
    "smtp": "SMTP",
    "file": gettext_lazy("files of this machine: no mail leaves"),
}


def _carrier(state: str, args: Args) -> str:
    args = {"carrier": CARRIERS.get(args["carrier"], args["carrier"])}
    if state == OK:
        return _("Sent through %(carrier)s.") % {"carrier": args["carrier"]}
    return _("The sender %(carrier)s is not set up. Tell the administrator.") % {
        "carrier": args["carrier"]
    }


def _people(state: str, args: Args) -> str:
    people = int(args["people"])
    if state == BLOCK:
        return _("Nobody is left with these choices. Choose a wider group or fewer exceptions.")
    said = ngettext("%(number)s person as of now.", "%(number)s people as of now.", people)
    return said % {"number": number(people)}


def _size(state: str, args: Args) -> str:
    if args["last"] is None:
        return _("The first appeal to this group, so there is nothing to compare with.")
    said = {"people": number(args["people"]), "last": number(args["last"])}
    if state == OK:
        return _("%(people)s people; the last appeal to the group had %(last)s.") % said
    return (
        _("%(people)s people, but the last appeal to the group had %(last)s. Is the group right?")
        % said
    )


def _consent(state: str, args: Args) -> str:
    if state == OK:
        return _("Everybody agreed to be asked by what they gave before.")
    return _(
        "%(untargeted)s of them have not agreed to that: they get the same appeal with the"
        " campaign's own sums. %(targeted)s get sums by what they gave."
    ) % {"untargeted": number(args["untargeted"]), "targeted": number(args["targeted"])}


def _mailed(state: str, args: Args) -> str:
    if state == OK:
        return _("None of them got an appeal in the last %(hours)d hours.") % {
            "hours": args["hours"]
        }
    return _("%(people)s of them got an appeal in the last %(hours)d hours.") % {
        "people": number(args["people"]),
        "hours": args["hours"],
    }


def _capped(state: str, args: Args) -> str:
    said = {"mails": args["mails"], "days": args["days"], "people": number(args["people"])}
    if state == OK:
        return (
            _("Nobody has had %(mails)s appeals in %(days)s days, the most that one may get.")
            % said
        )
    return (
        _(
            "%(people)s of them have had %(mails)s appeals in %(days)s days and will be left out."
            " Tick that it is sent to them too, or wait."
        )
        % said
    )


def _second(state: str, args: Args) -> str:
    if state == OK:
        return _("So few that you decide alone.")
    if not args["above"]:
        return _("Every appeal needs a second person's yes. Schedule it, and they are asked.")
    return _(
        "Above %(above)s people a second person must agree. Schedule it, and they are asked."
    ) % {"above": number(args["above"])}


def _quiet(state: str, _args: Args) -> str:
    hours = {"hours": when.quiet_hours()}
    if state == OK:
        return _("Outside the quiet hours, %(hours)s.") % hours
    if state == WARN:
        return (
            _("In the quiet hours, %(hours)s, with a reason. A second person must agree.") % hours
        )
    return _("In the quiet hours, %(hours)s. Choose another time, or write why.") % hours


def _campaign(state: str, args: Args) -> str:
    if state == OK:
        return _("It takes gifts when the mail leaves.")
    if args["status"] == "draft":
        return _("It is a draft, so nobody sees its page. Open it, or choose another campaign.")
    said = (
        _("Its last day, %(day)s, is before the mail leaves.")
        % {"day": date_format(date.fromisoformat(args["ends_on"]), "j F Y")}
        if args["status"] == "live"
        else _("The campaign has been closed.")
    )
    after = (
        _("The mail asks for it. Open it or move its last day, or choose another campaign.")
        if state == BLOCK
        else _("The mail asks for nothing, so it may give thanks.")
    )
    return f"{said} {after}"


Say = Callable[[str, Args], str]
POINTS: dict[str, tuple[Text, Say, str]] = {
    "words": (gettext_lazy("The words"), _words, WRITE),
    "fields": (gettext_lazy("Merge fields and blocks"), _fields, WRITE),
    "links": (gettext_lazy("Links with a reference"), _links, WRITE),
    "links_live": (gettext_lazy("Where links lead"), _links_live, WRITE),
    "unsubscribe": (gettext_lazy("The way out"), _unsubscribe, WRITE),
    "weight": (gettext_lazy("Size"), _weight, WRITE),
    "filters": (gettext_lazy("Spam filters"), _filters, WRITE),
    "languages": (gettext_lazy("Languages"), _languages, WRITE),
    "from": (gettext_lazy("Who it comes from"), _from, WRITE),
    "verified": (gettext_lazy("Verified senders"), _verified, "senders"),
    "domain": (gettext_lazy("The sender's domain"), _domain, ""),
    "carrier": (gettext_lazy("The carrier"), _carrier, ""),
    "people": (gettext_lazy("How many"), _people, PEOPLE),
    "size": (gettext_lazy("Compared with last time"), _size, PEOPLE),
    "consent": (gettext_lazy("Sums by what people gave"), _consent, PEOPLE),
    "mailed": (gettext_lazy("Mailed just now"), _mailed, PEOPLE),
    "capped": (gettext_lazy("Mailed enough lately"), _capped, PEOPLE),
    "second_person": (gettext_lazy("A second person"), _second, ""),
    "campaign": (gettext_lazy("When the campaign is open"), _campaign, CAMPAIGN),
    "quiet_hours": (gettext_lazy("Quiet hours"), _quiet, SCHEDULE),
}


def needs_second(people: int) -> bool:
    """Whether so many people ask for a second person."""
    limit = settings.TWO_PERSON_APPEAL_PEOPLE
    return limit == 0 or people > limit
