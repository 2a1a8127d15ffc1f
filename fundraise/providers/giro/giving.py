"""Autogiro as a way to give every month: what it needs, and how a pledge begins."""

from __future__ import annotations

from typing import ClassVar

from fundraise.pledges.errors import OF_THE_ACCOUNT, PledgeError
from fundraise.pledges.models import MandateWording, PayerRange, Pledge
from fundraise.pledges.services import starting
from fundraise.pledges.services.starting import NewAccount, NewPledge
from fundraise.providers import queries
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.giro.models import Agreement
from fundraise.providers.recurring import StartedPledge


class AutogiroGiving:
    """A pledge that is drawn from a bank account."""

    method: ClassVar[str] = "autogiro"
    asks_account: ClassVar[bool] = True

    def missing(self, entity_id: int) -> list[str]:
        """What is not set up yet, as codes: account, bankgiro, agreement, range, wording."""
        account = queries.account_for(entity_id, self.method)
        going = Agreement.objects.filter(account=account, stopped_at=None)
        lacks = {
            "account": account is None,
            "bankgiro": account is not None and not queries.bankgiro(entity_id),
            "agreement": account is not None and not going.exists(),
            "range": not PayerRange.objects.filter(entity_id=entity_id).exists(),
            "wording": not MandateWording.objects.exists(),
        }
        return [code for code, is_missing in lacks.items() if is_missing]

    def start(
        self, new: NewPledge, account: NewAccount | None, standing: Pledge | None
    ) -> StartedPledge:
        """Write the pledge and its draft mandate; it is signed on our own page."""
        if standing is None:
            try:
                standing = starting.start_pledge(new, account)
            except PledgeError as error:
                if error.code in OF_THE_ACCOUNT:
                    raise
                raise ProviderUnavailable(error.code) from None
        return StartedPledge(standing.pk, standing.ref)
