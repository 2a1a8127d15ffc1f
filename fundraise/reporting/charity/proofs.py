"""Identity F for charities: filed control statements against their hash and today's gifts."""

from __future__ import annotations

from collections.abc import Iterator

from fundraise.ledger.checks import OK, WAITING, Check
from fundraise.reporting.charity import services, sums
from fundraise.reporting.charity.models import ControlList


def checks() -> Iterator[Check]:
    """Every version says what it said; the one that stands is what the gifts say today."""
    for filed in ControlList.objects.select_related("entity").order_by("entity", "year", "version"):
        name = f"KU65 {filed.entity.slug} {filed.year} version {filed.version}"
        rows = services.kept_rows(filed)
        yield Check(
            f"{name}: says what it said when it was filed",
            bytes(filed.sha256).hex(),
            services.digest(rows).hex(),
        )
        if filed != services.latest(filed.entity, filed.year):
            continue
        young = set(filed.left_out.values_list("donor_id", flat=True))
        found = sums.statements(filed.entity_id, filed.year)
        today = sum(ore // 100 for donor, ore in found if donor not in young)
        same = today == filed.total_kronor
        yield Check(
            f"{name}: total = gifts of today", filed.total_kronor, today,
            status=OK if same else WAITING,
            note="" if same else "changed after it was filed: file a correction",
        )  # fmt: skip
