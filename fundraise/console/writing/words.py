"""What the editor says: faults of a mail, merge fields, kinds of blocks, refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailings.composing.problems import Problem

Text = str | Promise

PROBLEMS: dict[str, Text] = {
    "subject_missing": gettext_lazy("Write a subject."),
    "subject_too_long": gettext_lazy("The subject may be at most 150 characters."),
    "subject_long": gettext_lazy("Above 60 characters, phones cut the subject off."),
    "preheader_missing": gettext_lazy(
        "Without a preview line the list of mails shows the first words of the mail."
    ),
    "preheader_too_long": gettext_lazy("The preview line may be at most 150 characters."),
    "preheader_long": gettext_lazy("Above 110 characters the preview line is cut off."),
    "empty_mail": gettext_lazy("The mail is empty. Add a block."),
    "no_postal_address": gettext_lazy(
        "No postal address stands under the mail, since the organisation has none. An "
        "administrator writes it under Legal entities."
    ),
    "no_ask": gettext_lazy("Nothing in the mail can be pressed: add an ask, a button or a link."),
    "empty_block": gettext_lazy("The block is empty. Write something or take it away."),
    "no_picture": gettext_lazy("Choose a picture, or take the block away."),
    "no_alt": gettext_lazy("Write what the picture shows, for who can't see it."),
    "no_name": gettext_lazy("Write who signs the mail."),
    "unknown_field": gettext_lazy("There is no field %(what)s. Choose one from the menu."),
    "no_fallback": gettext_lazy(
        "%(what)s needs words for who has none, such as {{first_name|friend}}."
    ),
    "long_fallback": gettext_lazy(
        "The words for who has none may be at most 60 characters: %(what)s"
    ),
    "field_not_here": gettext_lazy(
        "%(what)s can't stand here. In a subject only {{campaign}} and {{organisation}} may, since "
        "every server on the way reads it."
    ),
    "left_to_write": gettext_lazy("Write your own words in place of [[%(what)s]]."),
    "unclosed_field": gettext_lazy("A field begins with {{ and ends with }}: look at “%(what)s”."),
    "bad_link": gettext_lazy(
        "“%(what)s” is no address that a mail can link to. Begin with https://"
    ),
    "no_link": gettext_lazy("A link has no address. Write one inside the parentheses."),
    "insecure_link": gettext_lazy(
        "%(what)s begins with http://. Write https:// if the site has it."
    ),
    "link_without_words": gettext_lazy("The link to %(what)s has no words, so nobody can see it."),
    "too_heavy": gettext_lazy(
        "The mail is %(what)s kB. Above 100 kB Gmail cuts it off: shorten the text."
    ),
    "text_stale": gettext_lazy(
        "The blocks have changed since the plain text was written by hand. Look it through, or go "
        "back to the made one."
    ),
}
PLACES: dict[str, Text] = {
    "subject": gettext_lazy("Subject"),
    "preheader": gettext_lazy("Preview line"),
    "text": gettext_lazy("Plain text"),
    "mail": gettext_lazy("The mail"),
}
KINDS: dict[str, tuple[Text, str]] = {
    "heading": (gettext_lazy("Heading"), "title"),
    "text": (gettext_lazy("Text"), "notes"),
    "picture": (gettext_lazy("Picture"), "image"),
    "button": (gettext_lazy("Button"), "smart_button"),
    "ask": (gettext_lazy("Ask"), "volunteer_activism"),
    "thermometer": (gettext_lazy("Thermometer"), "thermostat"),
    "signature": (gettext_lazy("Signature"), "draw"),
}
REFUSED: dict[str, Text] = {
    "journey_runs": gettext_lazy("The journey runs, so its words stay. Switch it off to write."),
    "name_taken": gettext_lazy("Another template has that name. Choose another one."),
    "no_name": gettext_lazy("Write a name."),
    "archived": gettext_lazy("The template was put away meanwhile. Nothing was saved."),
    "not_ready": gettext_lazy("Mend what is marked in red first; then the version can be kept."),
    "no_words": gettext_lazy("Write something first."),
    "unknown_version": gettext_lazy("There is no such version."),
    "not_draft": gettext_lazy(
        "The appeal was scheduled meanwhile, so its words stay as they were approved. Nothing was "
        "saved."
    ),
    "no_variant": gettext_lazy("The version was taken away meanwhile. Nothing was saved."),
    "full": gettext_lazy("Four versions are the most that can be tried at once."),
    "no_alt": gettext_lazy("Write what the picture shows, for who can't see it."),
    "sender_unknown": gettext_lazy(
        "Choose an address in the list: only verified ones may be used."
    ),
    "sender_name": gettext_lazy(
        "Write whose name it comes in, at most 70 characters and without < > and quotation marks."
    ),
    "not_yours": gettext_lazy("Choose whose it is."),
}
FIELDS: dict[str, tuple[Text, str, str]] = {
    "greeting": (gettext_lazy("A greeting with the first name"), "Hej", "Hello"),
    "first_name": (gettext_lazy("First name"), "vän", "friend"),
    "full_name": (gettext_lazy("Whole name"), "du", "you"),
    "town": (gettext_lazy("Town"), "din ort", "your town"),
    "last_sum": (gettext_lazy("The last gift's sum"), "en gåva", "a gift"),
    "last_date": (gettext_lazy("The last gift's day"), "tidigare", "earlier"),
    "largest_sum": (gettext_lazy("The largest gift's sum"), "en gåva", "a gift"),
    "gift_count": (gettext_lazy("How many gifts"), "flera", "several"),
    "monthly_sum": (gettext_lazy("What is given every month"), "en månadsgåva", "a monthly gift"),
    "raise_sum": (
        gettext_lazy("A higher sum for the monthly gift"),
        "ett nytt belopp",
        "a new amount",
    ),
    "ask1": (gettext_lazy("First sum to ask for, from the last gift"), "", ""),
    "ask2": (gettext_lazy("Second sum to ask for, from the last gift"), "", ""),
    "ask3": (gettext_lazy("Third sum to ask for, from the last gift"), "", ""),
    "top1": (gettext_lazy("First sum to ask for, from the largest gift"), "", ""),
    "month1": (gettext_lazy("First sum a month to ask for"), "", ""),
    "raised": (gettext_lazy("What the campaign has raised"), "", ""),
    "goal": (gettext_lazy("The campaign's goal"), "", ""),
    "percent": (gettext_lazy("Raised, per cent of the goal"), "", ""),
    "givers": (gettext_lazy("How many have given"), "många", "many"),
    "campaign": (gettext_lazy("The campaign's name"), "", ""),
    "organisation": (gettext_lazy("The organisation's name"), "", ""),
}


def problem(one: Problem) -> str:
    """A fault in words."""
    said = PROBLEMS[one.code]
    return str(said) % {"what": one.what} if "%(what)s" in str(said) else str(said)


def refused(code: str) -> str:
    """Why nothing was done."""
    return str(REFUSED[code])


def stale(who: str) -> str:
    """Somebody saved meanwhile."""
    return _(
        "%(who)s has saved this mail after you opened it, or you have it open in another window. "
        "Nothing of yours was saved, and nothing is lost: it stands here. Take a copy of what you "
        "want to keep and show theirs, or save yours over it."
    ) % {"who": who}


UNREADABLE = gettext_lazy(
    "What was sent could not be read, so nothing was saved. Load the page again; if it happens "
    "once more, tell the administrator."
)

STARTERS: dict[str, Text] = {
    "appeal": gettext_lazy("An appeal with three sums and the thermometer"),
    "monthly": gettext_lazy("An ask to give every month"),
    "thanks": gettext_lazy("Thanks, with how far it has come"),
}
