"""What the links of a mail lead to. Without a slash at the end: a POST must not be redirected."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from fundraise.give.mails import address, choices, leave, link

WORDS = {
    "sv": {
        "leave": "avregistrera",
        "undo": "angra",
        "choices": "utskick",
        "address": "adress",
        "move": "byt-adress",
    },
    "en": {
        "leave": "unsubscribe",
        "undo": "undo",
        "choices": "mailings",
        "address": "address",
        "move": "change-address",
    },
}


class TokenConverter:
    """A token of mailings/tokens.py by its shape."""

    regex = "[A-Za-z0-9_-]{24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "mail_token")


def patterns(language: str) -> list[URLPattern]:
    """Unsubscribe and its choices."""
    word = WORDS[language]
    top = f"{word['leave']}/<mail_token:token>"
    return [
        path(top, leave.page, name=f"leave_appeals_{language}"),
        path(f"{top}/{word['undo']}", leave.undo, name=f"undo_leave_{language}"),
        path(
            f"{word['choices']}/<mail_token:token>",
            choices.page,
            name=f"mail_choices_{language}",
        ),
        path(
            f"{word['choices']}/<mail_token:token>/{word['address']}",
            address.ask,
            name=f"ask_address_{language}",
        ),
        path(f"{word['move']}/", address.answer_page, name=f"move_address_{language}"),
    ]


def without_language() -> list[URLPattern]:
    """A mail's links, and where our own pages tell that they were seen."""
    return [
        path("l/<mail_token:token>/<int:number>", link.follow, name="follow_link"),
        path("anlant", link.arrived, name="arrived"),
    ]
