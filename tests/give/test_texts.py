from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from tests.give.texts import texts_in

ROOT = Path(__file__).resolve().parents[2]
PARTS = sorted((ROOT / "fundraise/locale/parts").glob("give*.po"))


def load_build() -> ModuleType:
    """The set-up script as a module."""
    spec = importlib.util.spec_from_file_location("build", ROOT / "fundraise/locale/build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ids_of(part: Path) -> set[str]:
    with part.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    return {m.id[0] if m.pluralizable else str(m.id) for m in catalogue if m.id}


def test_every_text_of_the_public_pages_is_in_swedish_and_none_is_left_over() -> None:
    said = set[str]().union(*map(ids_of, PARTS))
    assert texts_in(ROOT / "fundraise/give") ^ said == set()


HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ('msgid "Card"\nmsgstr ""', "", "a.po: not translated: 'Card'"),
        ('#, fuzzy\nmsgid "Card"\nmsgstr "Kort"', "", "a.po: fuzzy: 'Card'"),
        (
            'msgid "Card"\nmsgstr "Kort"\n\nmsgid "Card"\nmsgstr "Kort"',
            "",
            "a.po: written twice: 'Card'",
        ),
        (
            'msgid "Card"\nmsgstr "Kort"',
            'msgid "Card"\nmsgstr "Bricka"',
            "b.po and a.po differ: 'Card'",
        ),
        (
            'msgid "Give %(sum)s"\nmsgstr "Ge"',
            "",
            "a.po: other placeholders: 'Give %(sum)s'",
        ),
        (
            'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s dag"\nmsgstr[1] ""',
            "",
            "a.po: not translated: '%(n)s day'",
        ),
    ],
)
def test_the_build_says_what_is_wrong(tmp_path: Path, first: str, second: str, fault: str) -> None:
    parts = [tmp_path / "a.po", tmp_path / "b.po"]
    for part, text in zip(parts, (first, second), strict=True):
        part.write_text(f"{HEAD}{text}\n", encoding="utf-8")
    _catalogue, problems = load_build().merge(parts)
    assert problems == [fault]


def test_two_parts_may_say_the_same(tmp_path: Path) -> None:
    parts = [tmp_path / "a.po", tmp_path / "b.po"]
    for part in parts:
        part.write_text(f'{HEAD}msgid "Card"\nmsgstr "Kort"\n', encoding="utf-8")
    catalogue, problems = load_build().merge(parts)
    assert problems == []
    assert [m.string for m in catalogue if m.id] == ["Kort"]
