"""One version of a mail, compiled: the same draft makes the same bytes."""

from __future__ import annotations

from mailings.composing import checking, merging, plain, tags
from mailings.composing.drafts import Compiled, Draft
from mailings.composing.layout import Layout
from mailings.composing.linking import LEAVE, MESSAGE, Links
from mailings.composing.problems import Problem


def compile_draft(draft: Draft) -> Compiled:
    """The mail with tags where each person's words go, its links, and what is wrong with it.

    It is compiled whatever is wrong, for the preview; `can_go` says whether it may be sent.
    """
    constants = draft.house.constants
    links = Links(draft.house, draft.language)
    links.campaign()  # number 1, whatever the mail holds
    html = Layout(draft, links).html()
    made = plain.source(draft)
    source = draft.text_edited if draft.text_edited.strip() else made
    body = plain.compiled(source, links, constants).rstrip()
    text = f"{body}\n\n{plain.footer(draft.language, draft.house, links)}\n"
    subject = " ".join(merging.as_plain(draft.subject, constants).split())
    size = len(html.encode()) + len(text.encode())
    problems = checking.problems_of(draft, made)
    if size > checking.SIZE_LONGEST:
        problems.append(Problem("mail", "", "too_heavy", str(size // 1000)))
    return Compiled(
        subject=subject,
        preheader=merging.as_plain(draft.preheader, constants),
        html=html,
        text=text,
        tags=tags.names(subject, html, text, tags.written(MESSAGE), tags.written(LEAVE)),
        links=links.made(),
        size=size,
        problems=tuple(problems),
        text_made=made,
    )
