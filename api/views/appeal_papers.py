"""An appeal on its way out in other ways: a test to whoever the key is of, letters by post."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.mail_refusals import told
from api.problems import Problem
from api.serializers import appeals as words
from api.views.appeals import AppealView
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import testing
from mailings.attribution import letters
from mailings.composing import houses, made_up


class SendTest(AppealView):
    """A test mail."""

    serializer_class: Any = words.TestOut
    permissions_of = {"POST": "appeals.write"}

    @extend_schema(operation_id="test_appeal", request=words.TestIn, responses={200: words.TestOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Mail the words as somebody made up gets them, to whoever's key it is and nobody else.

        The subject begins with [TEST]; links lead where they will lead.
        """
        given, key = self.read(words.TestIn), self.caller.key
        appeal = self.found(self.get_queryset(), ref)
        content = self._content(appeal, given["variant"], given["language"])
        user = User.objects.get(pk=key.made_by_id)
        if not user.email:
            raise Problem("refused", "Whoever's key it is has no address.", code="no_address")
        terms = houses.terms_of(appeal.campaign)
        record = made_up.PEOPLE[given["person"]]._replace(terms=terms, language=content.language)

        def done(_held: object) -> Response:
            sent = testing.send_test(content, record, [user], by=key.actor, once=uuid4())
            return Response(words.TestOut({"sent": sent}).data)

        return self.once(done)

    def _content(self, appeal: Appeal, letter: str, language: str) -> Content:
        rows = Content.objects.select_related("variant__appeal__campaign__entity")
        found = rows.filter(
            variant__appeal=appeal, variant__letter=letter, language=language
        ).exclude(compiled_at=None)
        content = found.first()
        if content is None:
            raise Problem("refused", "Nothing is written yet.", code="no_words")
        return content


class MakeLetters(AppealView):
    """The audience as letters."""

    serializer_class: Any = words.LettersOut
    permissions_of = {"POST": "appeals.send"}

    @extend_schema(operation_id="make_letters", request=None, responses={200: words.LettersOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Choose who gets a letter, once: all of an appeal by post, of a mail those without e-mail.

        The file with names and addresses is taken out at the staff pages.
        """
        appeal, by = self.found(self.get_queryset(), ref), self.caller.by

        def done(_held: object) -> Response:
            with told():
                made = letters.freeze(appeal, by=by)
            return Response(words.LettersOut({"letters": made}).data)

        return self.once(done)
