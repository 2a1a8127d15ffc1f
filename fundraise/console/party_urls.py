"""The addresses of party finance on the staff pages; urls.py takes them in."""

from __future__ import annotations

from django.urls import path, register_converter

from fundraise.console.views import charity, party, party_enter, party_held


class HoldAct:
    """What may be done about what is held."""

    regex = "repay|release|authority|line|back"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class LookAct(HoldAct):
    """What may be done about foreign money."""

    regex = "keep|refuse"


class PartyFile(HoldAct):
    """The files of a report."""

    regex = "pdf|xlsx"


register_converter(HoldAct, "hold_act")
register_converter(LookAct, "look_act")
register_converter(PartyFile, "party_file")
YEAR = "staff/party/<uuid:ref>/<int:year>/"
CHARITY = "staff/charity/<uuid:ref>/<int:year>/"
urlpatterns = [
    path("staff/charity/", charity.charity, name="charity"),
    path(
        "staff/charity/costs/<uuid:ref>/withdraw/",
        charity.withdraw_cost,
        name="withdraw_charity_cost",
    ),
    path(
        "staff/charity/statements/<uuid:ref>/ku65.xlsx",
        charity.statements_file,
        name="statements_file",
    ),
    path(
        "staff/charity/in-return/<uuid:ref>/withdraw/",
        charity.withdraw_in_return,
        name="withdraw_in_return",
    ),
    path("staff/charity/numbers/<uuid:ref>/", charity.statement_number, name="statement_number"),
    path(CHARITY, charity.charity_year, name="charity_year"),
    path(f"{CHARITY}without/", charity.without_number, name="charity_without"),
    path(f"{CHARITY}file/", charity.file_statements, name="file_statements"),
    path("staff/party/", party.party, name="party"),
    path("staff/party/held/", party_held.held, name="party_held"),
    path("staff/party/held/<uuid:ref>/<hold_act:act>/", party_held.settle_hold, name="settle_hold"),
    path(
        "staff/party/foreign/<uuid:ref>/<look_act:act>/",
        party_held.settle_look,
        name="settle_look",
    ),
    path("staff/party/reports/<uuid:ref>/", party.report, name="party_report"),
    path(
        "staff/party/reports/<uuid:ref>/report.<party_file:kind>",
        party.report_file,
        name="party_report_file",
    ),
    path(
        "staff/party/sums/<uuid:ref>/withdraw/",
        party_enter.withdraw_sum,
        name="withdraw_party_sum",
    ),
    path(
        "staff/party/in-kind/<uuid:ref>/withdraw/",
        party_enter.withdraw_in_kind,
        name="withdraw_in_kind",
    ),
    path("staff/party/collections/<uuid:ref>/", party_enter.slip, name="party_slip"),
    path("staff/party/<uuid:ref>/rules/", party_enter.party_rules, name="party_rules"),
    path(YEAR, party.year, name="party_year"),
    path(f"{YEAR}givers/", party.givers, name="party_givers"),
    path(f"{YEAR}report.<party_file:kind>", party.year_file, name="party_year_file"),
    path(f"{YEAR}enter/", party_enter.enter, name="party_enter"),
    path(f"{YEAR}file/", party.file, name="file_party_report"),
]
