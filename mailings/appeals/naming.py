"""What a token that names an appeal as a whole says of its words: which version, which language.

Such a token stands in the links of people who did not agree to be followed. Its `extra` tells whose
links are meant, so that link n can be found, and nothing about the person.
"""

from __future__ import annotations

LETTERS = "ABCD"
LANGUAGES = ("sv", "en")


def extra_of(letter: str, language: str) -> int:
    """The number of a version's words in one language, for a token without a message."""
    return LETTERS.index(letter) * len(LANGUAGES) + LANGUAGES.index(language)


def words_of(extra: int) -> tuple[str, str] | None:
    """The version and language that a number stands for; None when it stands for nothing."""
    place, language = divmod(extra, len(LANGUAGES))
    return (LETTERS[place], LANGUAGES[language]) if place < len(LETTERS) else None
