"""The mail with a link for a browser that runs no script, while the page asks for a proof."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.translation import gettext as _

from fundraise.give import links
from fundraise.give.terms import Terms
from fundraise.limits import passes
from mailings import transactional

KIND = "give_link"


def send(terms: Terms, address: str) -> None:
    """Prepare the mail. Its link opens the form; a gift is begun only by sending that form."""
    query = urlencode({"pass": passes.new_pass()})
    url = f"{links.absolute(links.donate(terms.slug, terms.language))}?{query}"
    names = {"payee": terms.payee.name, "title": terms.title}
    first = _("Here is your link to give to %(payee)s: %(title)s.") % names
    then = _("It is good for one gift, for two hours. Nothing is charged before you have paid.")
    other = _("If you did not ask for it, somebody wrote your address by mistake. Do nothing.")
    transactional.prepare(
        KIND,
        secrets.token_hex(16),
        to=address,
        language=terms.language,
        subject=_("Your link to give"),
        html=format_html(
            '<p>{}</p><p><a href="{}">{}</a></p><p>{}</p><p>{}</p>', first, url, url, then, other
        ),
        text=f"{first}\n\n{url}\n\n{then}\n\n{other}\n",
        reply_to=terms.payee.email,
    )
