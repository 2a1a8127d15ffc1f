"""What the editor's script is given when the page opens, and after each save."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise import clock
from fundraise.console.writing import people, words
from fundraise.console.writing.desks import Desk, Page
from fundraise.staff import rights
from mailings.composing.blocks import MOST_BLOCKS
from mailings.composing.drafts import Compiled
from mailings.composing.fields import FIELDS, Place
from mailings.composing.models import Picture
from mailings.composing.problems import Problem
from mailings.composing.wording import WORDS

MOST_PICTURES = 60


def opened(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """Everything that the editor begins with."""
    may_write = rights.may(request.user, "appeals.write", desk.entity_id) and desk.is_open
    return {
        "kind": desk.kind,
        "shared": desk.shared,
        "writes": may_write,
        "most": MOST_BLOCKS,
        "urls": _urls(desk),
        "pages": {
            letter: {language: _page(desk, language, page) for language, page in pages.items()}
            for letter, pages in desk.pages().items()
        },
        "fields": _fields(),
        "kinds": [
            {"kind": kind, "label": str(label), "icon": icon}
            for kind, (label, icon) in words.KINDS.items()
        ],
        "people": [
            {"who": code, "label": str(label)} for code, (label, _r) in people.MADE_UP.items()
        ],
        "reveals": rights.may_somewhere(request.user, "donors.view"),
        "pictures": pictures_of(desk.entity_id),
        "words": script_words(),
    }


def _urls(desk: Desk) -> dict[str, str]:
    names = ("save", "frame", "words")
    urls = {name: reverse(f"console:{desk.kind}_{name}", args=[desk.ref]) for name in names}
    urls["people"] = reverse("console:mail_people")
    urls["upload"] = reverse("console:mail_picture_add")
    return urls


def _page(desk: Desk, language: str, page: Page) -> dict[str, Any]:
    made = page.sheet.compiled(language, desk.house(language))
    return {"edition": page.edition, "sheet": page.sheet.dump(), **after(made)}


def saved(page: Page, made: Compiled) -> dict[str, Any]:
    """What a save answers."""
    at = clock.now().astimezone(clock.STOCKHOLM)
    return {
        "edition": page.edition,
        "basis": page.sheet.text_basis,
        "at": f"{at:%H.%M}",
        **after(made),
    }


def after(made: Compiled) -> dict[str, Any]:
    """What became of the words: faults, the plain text, the size."""
    faults = [problem for problem in made.problems if problem.blocks]
    notes = [problem for problem in made.problems if not problem.blocks]
    return {
        "problems": [_problem(one) for one in (*faults, *notes)],
        "text_made": made.text_made,
        "size": max(1, made.size // 1000),
        "standing": _standing(len(faults)),
    }


def _standing(faults: int) -> str:
    if not faults:
        return _("Nothing stands in the way of sending it.")
    said = ngettext("%(n)s thing to mend", "%(n)s things to mend", faults)
    return said % {"n": faults}


def _problem(one: Problem) -> dict[str, Any]:
    place = words.PLACES.get(one.block)
    return {
        "block": one.block,
        "place": one.place,
        "say": words.problem(one),
        "stops": one.blocks,
        "where": str(place) if place else "",
    }


def _fields() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": str(label),
            "sv": swedish,
            "en": english,
            "subject": Place.SUBJECT in FIELDS[name].places,
        }
        for name, (label, swedish, english) in words.FIELDS.items()
    ]


def pictures_of(entity_id: int) -> list[dict[str, Any]]:
    """The newest pictures of a legal entity's library."""
    rows = Picture.objects.filter(entity_id=entity_id).order_by("-pk")[:MOST_PICTURES]
    return [picture(row) for row in rows]


def picture(row: Picture) -> dict[str, Any]:
    """A picture as the editor's script knows it."""
    return {
        "name": row.name,
        "width": row.width,
        "height": row.height,
        "sv": row.alt("sv"),
        "en": row.alt("en"),
    }


def script_words() -> dict[str, Any]:
    """Every sentence that the script says."""
    return {
        **{code: dict(said) for code, said in WORDS.items()},
        "saved": _("Saved %(at)s"),
        "saving": _("Saving …"),
        "unsaved": _("Not saved yet"),
        "away": _("Not saved: no answer from the server. It is tried again; keep the page open."),
        "logged_out": _(
            "Not saved: you have been logged out. Log in in another window; then it is saved from "
            "here."
        ),
        "up": _("Move up"),
        "down": _("Move down"),
        "remove": _("Take away"),
        "removed": _("%(kind)s was taken away."),
        "undo": _("Put it back"),
        "add_below": _("Add a block below"),
        "insert": _("Insert a field"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "link": _("Link"),
        "list": _("List"),
        "text": _("Text"),
        "line": _("Line"),
        "above": _("Words above"),
        "button_text": _("Words on the button"),
        "address": _("Address (empty: the campaign's page)"),
        "picture_link": _("Address, if the picture is a link"),
        "alt": _("What the picture shows"),
        "choose": _("Choose a picture"),
        "portrait": _("Portrait (may be left out)"),
        "no_pictures": _("No picture yet. Send one here."),
        "upload": _("Send a new picture"),
        "send": _("Send"),
        "alt_sv": _("What it shows, in Swedish"),
        "alt_en": _("What it shows, in English"),
        "period": _("How often"),
        "once": _("Once"),
        "monthly": _("Every month"),
        "base": _("Sums from"),
        "last": _("the last gift"),
        "largest": _("the largest gift"),
        "ask_help": _(
            "Three sums of one's own, and “another amount”. Below the preview it says why."
        ),
        "bar_help": _("The campaign's bar as it stands when the mail is opened, and its numbers."),
        "closing": _("Closing words"),
        "name": _("Name"),
        "role": _("Role"),
        "empty": _("An empty mail. Add the first block below, or begin from a template."),
        "copy": _("Copy from the other language"),
        "counter": _("%(n)s of about %(good)s characters"),
        "keep_mine": _("Save mine over it"),
        "show_theirs": _("Show theirs"),
        "find": _("Real people"),
        "nobody": _("Nobody was found."),
        "by_hand": _("Write it by hand"),
        "made_again": _("Go back to the made one"),
        "made_say": _("Made from the blocks. Who sends it, why, and how to stop stand under it."),
        "hand_say": _("Written by hand: it stays as you write it, whatever the blocks say."),
        "size": _("%(n)s kB of 100 kB"),
        "most": _("A mail holds at most 40 blocks."),
    }
