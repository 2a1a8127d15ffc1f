"""The HTML of a mail: its blocks as MJML, compiled once per version.

What anybody typed never meets the MJML compiler: in its place stands a slot, and the slot is
filled, escaped, in what the compiler made. So nothing typed can become a tag, an attribute or a
style.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

import mrml

from fundraise import colour
from mailings.composing import blocks as kinds
from mailings.composing import markup, merging, tags
from mailings.composing.drafts import Draft
from mailings.composing.fields import STEPS
from mailings.composing.linking import Links
from mailings.composing.markup import Anchor, Em, Inline, Line, Words
from mailings.composing.wording import WORDS

_PAGE = Path(__file__).with_name("page.mjml")
_SLOT = re.compile(r"FRSLOT(\d+)X")
WIDTH = 600
INSIDE = WIDTH - 48
ROW = "\0"  # where a row of columns begins and ends; no slot holds it
# After a preheader, so that the list of mails does not show the first words of the body too.
_PAD = "\u034f\u200c\N{NO-BREAK SPACE}" * 90
_SPACES = re.compile(r">\s+<")


_OPTIONS = mrml.RenderOptions(fonts={})  # by itself it would fetch Roboto from elsewhere


class Layout:
    """One mail being laid out: its slots and its links."""

    def __init__(self, draft: Draft, links: Links) -> None:
        self.draft, self.links = draft, links
        self.words = WORDS[draft.language]
        self.tokens = colour.tokens(draft.house.colour)
        self._slots: list[str] = []

    def html(self) -> str:
        """The whole mail."""
        made = mrml.to_html(self._mjml(), render_options=_OPTIONS).content
        filled = _SLOT.sub(lambda match: self._slots[int(match[1])], made)
        return _SPACES.sub(lambda match: ">\n<" if "\n" in match[0] else "> <", filled)

    # --- Slots: whatever differs from mail to mail ------------------------------------------------
    def _slot(self, ready: str) -> str:
        self._slots.append(ready)
        return f"FRSLOT{len(self._slots) - 1}X"

    def _said(self, text: str) -> str:
        """A slot for words that staff typed, with their merge fields."""
        return self._slot(self._escaped(text))

    def _escaped(self, text: str) -> str:
        return merging.as_html(text, self.draft.house.constants)

    def _url(self, url: str) -> str:
        return self._slot(html.escape(url, quote=True))

    # --- The page ---------------------------------------------------------------------------------
    def _mjml(self) -> str:
        light, dark = self.tokens.light, self.tokens.dark
        return _filled_page(
            LANGUAGE=self.draft.language,
            TITLE=self._said(self.draft.subject),
            BRAND=light.brand,
            ON_BRAND=light.on_brand,
            DARK_BRAND=dark.brand,
            DARK_ON=dark.on_brand,
            DARK_TEXT=dark.brand_text,
            PREVIEW=self._preheader(),
            BODY=_sections([self._block(block) for block in self.draft.blocks]),
            FOOTER=self._slot(self._footer()),
        )

    def _preheader(self) -> str:
        said = self.draft.preheader.strip()
        if not said:
            return ""
        style = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px"
        ready = f'<div style="{style}">{self._escaped(said)}{_PAD}</div>'
        return f"<mj-raw>{self._slot(ready)}</mj-raw>"

    def _block(self, block: Any) -> str:
        match block:
            case kinds.Heading():
                size = "font-size:28px;line-height:1.15;margin:0;font-weight:700"
                inside = f'<h1 style="{size}">{self._escaped(block.text)}</h1>'
                return _text(self._slot(inside))
            case kinds.Text():
                return _text(self._slot(self._paragraphs(block.text)))
            case kinds.Picture():
                return self._picture(block)
            case kinds.Button():
                url = self.links.to(block.link) if block.link else self.links.campaign()
                return self._button(self._escaped(block.text), url)
            case kinds.Ask():
                return self._ask(block)
            case kinds.Thermometer():
                return self._thermometer(block)
            case _:
                return self._signature(block)

    # --- Text -------------------------------------------------------------------------------------
    def _paragraphs(self, text: str) -> str:
        parts = markup.parse(text)
        made = [self._part(part, last=part is parts[-1]) for part in parts]
        return "".join(made)

    def _part(self, part: markup.Part, *, last: bool) -> str:
        below = "0" if last else "0 0 12px"
        if isinstance(part, markup.Paragraph):
            lines = "<br>".join(self._line(line) for line in part.lines)
            return f'<p style="margin:{below}">{lines}</p>'
        name = "ol" if part.numbered else "ul"
        items = "".join(
            f'<li style="margin:0 0 4px">{self._line(line)}</li>' for line in part.items
        )
        return f'<{name} style="margin:{below};padding:0 0 0 24px">{items}</{name}>'

    def _line(self, line: Line) -> str:
        return "".join(self._inline(one) for one in line)

    def _inline(self, one: Inline) -> str:
        if isinstance(one, Words):
            return self._escaped(one.text)
        inside = self._line(one.inside)
        if isinstance(one, Anchor):
            return self._anchor(self.links.to(one.url), inside)
        return f"<em>{inside}</em>" if isinstance(one, Em) else f"<strong>{inside}</strong>"

    def _anchor(self, url: str, inside: str) -> str:
        style = f"color:{self.tokens.light.brand_text};text-decoration:underline"
        return f'<a class="word" href="{html.escape(url)}" style="{style}">{inside}</a>'

    # --- Pictures and buttons ---------------------------------------------------------------------
    def _image(self, name: str, alt: str, width: int, link: str = "") -> str:
        source = self._url(f"{self.draft.house.base_url}/bilder/{name}")
        href = f' href="{self._url(link)}"' if link else ""
        return f'<mj-image src="{source}" alt="{self._said(alt)}" width="{width}px"{href} />'

    def _picture(self, block: kinds.Picture) -> str:
        if not block.picture:
            return ""
        link = self.links.to(block.link) if block.link else ""
        shown = min(block.width // 2 or WIDTH, WIDTH)
        return self._image(block.picture, block.alt, max(shown, 48), link)

    def _button(self, inside: str, url: str, *, wide: bool = False, more: str = "") -> str:
        full = ' width="100%" css-class="go wide"' if wide else ' css-class="go"'
        return f'<mj-button href="{self._url(url)}"{full}{more}>{self._slot(inside)}</mj-button>'

    def _ask(self, block: kinds.Ask) -> str:
        monthly = block.period == "monthly"
        asked = [self._asked(block, step) for step in STEPS]
        other = self._anchor(
            self.links.campaign(monthly=monthly),
            html.escape(self.words["other_monthly" if monthly else "other"]),
        )
        above = _text(self._said(block.text)) if block.text else ""
        below = _text(self._slot(other))
        if monthly:
            return above + "".join(asked) + below
        columns = "".join(
            f'<mj-column width="33.33%" css-class="once">{one}</mj-column>' for one in asked
        )
        row = '<mj-section css-class="card ink" padding="0 16px">'
        return f"{above}{ROW}{row}{columns}</mj-section>{ROW}{below}"

    def _asked(self, block: kinds.Ask, step: int) -> str:
        monthly, name = block.period == "monthly", f"{block.ladder}{step}"
        words = self.words["give_monthly" if monthly else "give"]
        inside = html.escape(words).replace("{sum}", tags.written(name))
        url = self.links.campaign(monthly=monthly, sum_tag=f"{name}_kr")
        more = "" if monthly else ' padding="0 8px 16px"'
        return self._button(inside, url, wide=True, more=more)

    def _thermometer(self, block: kinds.Thermometer) -> str:
        house = self.draft.house
        above = _text(self._said(block.text)) if block.text else ""
        source = self._url(f"{house.base_url}/{house.slug}/thermometer.png")
        href, alt = self._url(self.links.campaign()), self._slot(html.escape(self.words["bar"]))
        bar = (
            f'<mj-image src="{source}" alt="{alt}" width="{INSIDE}px" '
            f'padding="0 24px 8px" href="{href}" />'
        )
        tag = {name: tags.written(name) for name in ("raised", "goal", "percent")}
        reading = html.escape(self.words["reading"]).format_map(tag)
        standing = tags.written("standing")
        return f"{above}{bar}{_text(self._slot(f'<strong>{reading}</strong><br>{standing}'))}"

    def _signature(self, block: kinds.Signature) -> str:
        lines = [self._escaped(block.closing)] if block.closing else []
        lines.append(f"<strong>{self._escaped(block.name)}</strong>")
        lines += [self._escaped(block.role)] if block.role else []
        picture = ""
        if block.picture:
            picture = self._image(block.picture, block.alt, 72).replace(
                " />", ' align="left" padding="8px 24px 8px" border-radius="36px" />'
            )
        return picture + _text(self._slot("<br>".join(lines)))

    # --- The footer: always there -----------------------------------------------------------------
    def _footer(self) -> str:
        house = self.draft.house
        names = {"organisation": house.organisation, "org_number": house.org_number}
        style = "margin:0 0 8px"
        said = [
            f'<p style="{style}">{self._plain(self.words["who"].format(**names))}<br>'
            f"{self._plain(house.address)}</p>",
            f'<p style="{style}">{self._plain(self.words["why"].format(**names))}</p>',
            f'<p style="margin:0">{self._quiet_link(self.links.unsubscribe, "leave")} · '
            f"{self._quiet_link(self.links.preferences, 'choose')}</p>",
        ]
        return "".join(said)

    def _plain(self, text: str) -> str:
        return html.escape(tags.neutral(text))

    def _quiet_link(self, url: str, word: str) -> str:
        style = "color:#5f574e;text-decoration:underline"
        words = html.escape(self.words[word])
        return f'<a class="word" href="{html.escape(url)}" style="{style}">{words}</a>'


def _sections(said: list[str]) -> str:
    """Blocks that stand in one column share it; a row of columns stands between two of them."""
    runs = "".join(said).split(ROW)
    return "".join(_section(run) if at % 2 == 0 else run for at, run in enumerate(runs) if run)


def _section(inside: str) -> str:
    return f'<mj-section css-class="card ink"><mj-column>{inside}</mj-column></mj-section>'


def _text(slot: str) -> str:
    return f"<mj-text>{slot}</mj-text>"


@cache
def _page() -> str:
    return _PAGE.read_text(encoding="utf-8")


def _filled_page(**parts: str) -> str:
    names = sorted(parts, key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(names)})\b")
    return pattern.sub(lambda match: parts[match[1]], _page())
