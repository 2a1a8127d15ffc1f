"""What a control page is made of: buttons that pull levers, and tables. Swedish."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, TypeVar

from fundraise.sandbox import layout
from fundraise.sandbox.levers import from_elsewhere
from fundraise.sandbox.web import Request, Response, redirect

Json = dict[str, Any]
Button = tuple[str, str, Json]  # what it says, the act, what the act is given
WRONG: tuple[type[Exception], ...] = (ValueError, TypeError, KeyError)
S = TypeVar("S")


def form(act: str, given: Json, inner: str, *, to: str = "/", kind: str = "") -> str:
    """A form that does an act; `inner` is HTML, its fields are given to the act too."""
    css = f' class="{kind}"' if kind else ""
    return (
        f'<form method="post" action="{to}"{css}>'
        f'<input type="hidden" name="act" value="{escape(act)}">'
        f'<input type="hidden" name="args" value="{escape(json.dumps(given))}">{inner}</form>'
    )


def acts(*buttons: Button, to: str = "/") -> str:
    """A row of buttons."""
    made = (
        form(act, given, layout.button(text, plain=True), to=to) for text, act, given in buttons
    )
    return f'<div class="acts">{"".join(made)}</div>'


def table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Cells are HTML; without rows a sentence."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    if not body:
        return layout.paragraph("Inget ännu.")
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(heads[0])}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def pulled(
    known: Mapping[str, Callable[[S, Json], Any]], of: S, request: Request, *,
    banner: str, back: str = "/", wrong: tuple[type[Exception], ...] = (),
) -> Response:  # fmt: skip
    """The act of a form of this page, done with its fields."""

    def act() -> None:
        fields = dict(request.form)
        name = fields.pop("act", "")
        if name not in known:
            raise ValueError(f"Unknown act {name}")
        given = json.loads(fields.pop("args", "{}"))
        known[name](of, given | {key: value.strip() for key, value in fields.items()})

    return answered(request, act, banner=banner, back=back, wrong=wrong)


def answered(
    request: Request, act: Callable[[], object], *,
    banner: str, back: str, wrong: tuple[type[Exception], ...] = (),
) -> Response:  # fmt: skip
    """Back where it was pressed; what is wrong is said, also what `wrong` names. No other site's
    page may press."""
    if from_elsewhere(request):
        return layout.page("sv", "Nej", "", banner=banner, status=403)
    try:
        act()
    except (*WRONG, *wrong) as problem:
        body = layout.paragraph(str(problem)) + layout.link(back, "Tillbaka")
        return layout.page("sv", "Det gick inte", body, banner=banner, status=400)
    return redirect(back)
