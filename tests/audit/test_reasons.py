"""What a reason may not hold, since nobody can take it out of the log again."""

from __future__ import annotations

import pytest

from fundraise.audit import reasons


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.se har ångrat sig",
        "anna＠example.se",
        "ring 070-174 06 05",
        "ring 0701740605 först",
        "ring 08-123 456 78",
        "ring (08) 12 34 56",
        "tel:+46 70 174 06 05",
        "+46(0)70 174 06 05",
        "0046 70 174 06 05",
        "pnr 640823-3234",
        "pnr 6408233234",
        "19640823-3234 bad om det",
        "1964-08-23 3234",
        "född 640823+3234",
        "samordning 701063-2391",
        "kort 4242 4242 4242 4242",
        "4242424242424242",
        "070\u2013174\u00a006\u00a005",
    ],
)
def test_what_a_person_is_found_by_is_seen(text: str) -> None:
    assert reasons.tell_of_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Betalt två gånger",
        "Dubbel 2026-11-24",
        "2026-11-24 08:30 och 2026-11-25 09:00",
        "2026-11-24 2026-11-25",
        "24/11 2026, ärende 10442",
        "Skulle vara 1 000 kr, blev 10 000 000 kr",
        "1000 i stället för 100,50",
        "bankgiro 5012-3456",
        "verifikat A 117, rad 4",
        "fel belopp: 250.00",
        "gåva pi_3PxYz012345",
    ],
)
def test_dates_sums_and_numbers_of_papers_are_not_taken_for_people(text: str) -> None:
    assert not reasons.tell_of_a_person(text)
