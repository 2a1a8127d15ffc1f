"""A member list from the file to the register: once, twice, overlapping, and with errors."""

from __future__ import annotations

from datetime import date

import pytest

from donors import queries
from donors import services as donors
from donors.errors import DonorError
from donors.importing import running, services
from donors.importing.table import FileRefused
from donors.importing.terms import Terms
from donors.models import ContactPoint, Donor, DonorTag, ImportRow, ImportRun, LegalBasis, Tag
from donors.values import PersonName, PostalAddress
from fundraise.audit.models import ChangeLine, ReadLine
from tests.donors.importing.lists import (
    ANNA,
    BO,
    DAVID,
    HEADER,
    MEMBERS,
    checked,
    counts,
    csv_of,
    imported,
    outcomes,
    whole_database,
)

pytestmark = pytest.mark.django_db


def test_a_list_becomes_donors_with_everything_that_it_says() -> None:
    run = imported(csv_of(ANNA, BO))

    assert counts(run) == {"created": 2}
    anna, bo = Donor.objects.order_by("pk")
    card = donors.read_card(donor_ref=anna.ref, by=DAVID, purpose="card")
    assert card.name == PersonName("Anna", "Lind")
    assert [point.value for point in card.contact_points] == [
        "anna@example.se",
        "+46701740605",
        PostalAddress(("Storgatan 1",), "111 22", "Ort"),
    ]
    assert card.tags == ("valarbetare",)
    assert (anna.language, bo.language, anna.source) == ("sv", "en", f"import:{run.ref}")
    assert list(anna.donor_tags.values_list("tag__label", "source")) == [
        ("valarbetare", f"import:{run.ref}")
    ]
    bases = anna.legal_bases.order_by("purpose").values_list("purpose", "basis", "informed_on")
    assert list(bases) == [
        ("appeals", "membership", date(2026, 1, 15)),
        ("register", "membership", date(2026, 1, 15)),
    ]
    assert set(LegalBasis.objects.values_list("source", flat=True)) == {"medlemsregistret"}
    assert list(queries.allowed("appeals").order_by("pk")) == [anna, bo]


def test_the_dry_run_changes_nothing_but_the_run() -> None:
    before = whole_database()
    run = checked(csv_of(ANNA, BO))
    assert (run.state, counts(run)) == ("checked", {"created": 2})
    assert whole_database() == before


def test_the_same_list_twice_changes_nothing() -> None:
    imported(csv_of(ANNA, BO))
    before = whole_database()
    again = imported(csv_of(ANNA, BO))
    assert counts(again) == {"unchanged": 2}
    assert whole_database() == before


def test_a_newer_list_adds_what_is_new_and_leaves_the_rest() -> None:
    imported(csv_of(ANNA, BO))
    anna = donors.find_by_email("anna@example.se")[0]
    more = ANNA.replace("070-174 06 05", "08-123 45 67").replace(
        "valarbetare", "Kassör|VALARBETARE"
    )
    run = imported(csv_of(more, BO, "Eva Å;eva@example.se;;;;;;"))

    assert counts(run) == {"added": 1, "unchanged": 1, "created": 1}
    phones = anna.contact_points.filter(kind="phone").order_by("pk")
    assert [(p.is_primary, p.source.partition(":")[0]) for p in phones] == [
        (True, "import"),
        (False, "import"),
    ]
    assert set(anna.donor_tags.values_list("tag__label", flat=True)) == {"valarbetare", "Kassör"}
    added = ChangeLine.objects.filter(subject_ref=str(anna.ref)).exclude(action="donor.registered")
    assert sorted(added.values_list("action", flat=True)) == [
        "donor.contact_point.added",
        "donor.tagged",
    ]


def test_a_row_that_is_wrong_is_named_and_the_others_are_written() -> None:
    run = imported(
        csv_of(
            ANNA,
            "Bo;bo at example;;;;;;",
            "Cia;cia@example.se;12;;;;;",
            "Dan;dan@example.se;;Gatan 1;;;;",
            ";ejs@example.se;;;;;;",
            "Ek;;;;;;;",
            "Fia;fia@example.se;;;;;kinesiska;",
            "Gun;gun@example.se;7,0174E+08;;;;;",
        )
    )
    assert outcomes(run) == [
        (2, "created", "", ""),
        (3, "error", "email_invalid", "email"),
        (4, "error", "phone_invalid", "phone"),
        (5, "error", "postal_incomplete", "address"),
        (6, "error", "name_missing", "name"),
        (7, "error", "unreachable", "email"),
        (8, "error", "language_unknown", "language"),
        (9, "error", "number_shortened", "phone"),
    ]
    assert Donor.objects.count() == 1


def test_one_person_twice_in_a_list_is_one_donor() -> None:
    with_phone = "ANNA LIND;Anna@Example.se;08-123 45 67;;;;;kassör"
    run = imported(csv_of(ANNA, with_phone, ANNA))
    assert [outcome for _l, outcome, _c, _f in outcomes(run)] == ["created", "added", "unchanged"]
    assert (Donor.objects.count(), ContactPoint.objects.count(), DonorTag.objects.count()) == (
        1, 4, 2,
    )  # fmt: skip


def test_another_name_on_a_known_address_waits_for_a_person() -> None:
    imported(csv_of(ANNA))
    before = whole_database()
    run = imported(csv_of("Bo Lind;anna@example.se;;;;;;"))
    assert outcomes(run) == [(2, "person", "other_name", "name")]
    assert whole_database() == before


def test_a_couple_with_one_address_is_two_donors_when_the_list_says_so() -> None:
    terms = Terms(**{**MEMBERS.kept(), "basis_on": MEMBERS.basis_on, "shared": True})
    couple = csv_of("Anna Lind;lind@example.se;;;;;;", "Bo Lind;lind@example.se;;;;;;")
    assert counts(imported(couple, terms)) == {"created": 2}
    before = whole_database()
    assert counts(imported(couple, terms)) == {"unchanged": 2}
    assert counts(imported(couple)) == {"unchanged": 2}
    assert whole_database() == before


def test_a_shared_address_of_somebody_who_said_no_waits_for_a_person() -> None:
    """ "Bosse" may be the Bo who objected: nobody is made beside him who would be written to."""
    imported(csv_of("Bo Ek;ek@example.se;;;;;;"))
    bo = Donor.objects.get()
    donors.object_to(donor_id=bo.pk, purpose="appeals", source="letter", by="staff:1")
    before = whole_database()
    terms = Terms(**{**MEMBERS.kept(), "basis_on": MEMBERS.basis_on, "shared": True})
    run = imported(csv_of("Bosse Ek;ek@example.se;;;;;;"), terms)
    assert outcomes(run) == [(2, "person", "refused_address", "email")]
    assert whole_database() == before


def test_without_an_address_a_name_and_a_phone_or_a_street_say_who_it_is() -> None:
    header = "Namn;Telefon;Adress;Postnr;Ort"
    rows = ["Anna Lind;08-123 45 67;;;", "Bo Ek;;Gatan 1;11122;Ort"]
    assert counts(imported(csv_of(*rows, header=header))) == {"created": 2}
    assert counts(imported(csv_of(*rows, header=header))) == {"unchanged": 2}
    other = imported(csv_of("Cia Lind;08-123 45 67;;;", header=header))
    assert counts(other) == {"created": 1}
    with_mail = imported(csv_of("Anna Lind;anna@example.se;08-123 45 67;;;;;"))
    assert outcomes(with_mail) == [(2, "added", "", "")]
    moved = imported(csv_of("Anna Lind;ny@example.se;08-123 45 67;;;;;"))
    assert outcomes(moved) == [(2, "person", "other_email", "email")]


def test_a_refusal_stands() -> None:
    imported(csv_of(ANNA, BO))
    anna, bo = Donor.objects.order_by("pk")
    donors.end_membership(donor_id=anna.pk, by=DAVID)
    donors.object_to(donor_id=anna.pk, purpose="appeals", source="staff", by=DAVID)
    donors.object_to(donor_id=bo.pk, purpose="register", source="staff", by=DAVID)
    later = Terms(**{**MEMBERS.kept(), "basis_on": date(2026, 11, 1)})
    before = whole_database()
    run = imported(csv_of(ANNA, BO), later)
    assert outcomes(run) == [(2, "unchanged", "", ""), (3, "person", "refused", "")]
    assert whole_database() == before
    assert queries.may(anna.pk, "appeals") is False


def test_a_membership_that_ended_comes_back_with_a_later_day_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported(csv_of(BO))
    (bo,) = Donor.objects.all()
    donors.end_membership(donor_id=bo.pk, by=DAVID)
    assert counts(imported(csv_of(BO))) == {"unchanged": 1}
    monkeypatch.setattr("donors.importing.running.clock.today", lambda: date(2030, 1, 2))
    later = Terms(**{**MEMBERS.kept(), "basis_on": date(2030, 1, 1)})
    assert counts(imported(csv_of(BO), later)) == {"added": 1}
    assert queries.may(bo.pk, "register") is True


def test_a_restricted_donor_stays_as_it_is() -> None:
    imported(csv_of(BO))
    (bo,) = Donor.objects.all()
    donors.restrict_donor(donor_id=bo.pk, by=DAVID)
    before = whole_database()
    run = imported(csv_of(BO + "ny"))
    assert outcomes(run) == [(2, "person", "restricted", "")]
    assert whole_database() == before


def test_a_forgotten_person_is_not_brought_back_by_an_older_list() -> None:
    imported(csv_of(ANNA))
    (anna,) = Donor.objects.all()
    donors.forget_donor(donor_ref=anna.ref, by=DAVID, reason="GDPR Art. 17")
    before = whole_database()
    run = imported(csv_of(ANNA))
    assert outcomes(run) == [(2, "person", "forgotten", "email")]
    assert whole_database() == before
    assert DonorTag.objects.count() == 0


def test_a_row_without_a_basis_that_is_enough_is_refused(settings: object) -> None:
    settings.LEGAL_BASES = {"register": ["consent"]}  # type: ignore[attr-defined]
    assert outcomes(imported(csv_of(ANNA))) == [(2, "error", "basis_not_enough", "basis")]
    assert outcomes(imported(csv_of(ANNA), Terms())) == [(2, "error", "basis_missing", "basis")]
    assert Donor.objects.count() == 0


def test_a_known_donor_needs_no_new_basis_for_a_phone_number() -> None:
    imported(csv_of(BO))
    run = imported(csv_of("Bo Ek;bo@example.se;08-123 45 67;;;;;"), Terms())
    assert counts(run) == {"added": 1}
    assert LegalBasis.objects.count() == 2


BASES = "Namn;E-post;Rättslig grund;Datum;Källa;Bevis"


def test_each_row_may_have_a_basis_of_its_own() -> None:
    donors.ensure_first_wordings()
    run = imported(
        csv_of(
            "A A;a@example.se;Medlem;2009-05-01;;",
            "B B;b@example.se;samtycke;2026-03-02;Torgmöte 2026;blankett 17",
            "C C;c@example.se;regelbunden kontakt;20260302;Växeln;",
            "D D;d@example.se;samtycke;2026-03-02;Torgmöte;",
            "E E;e@example.se;samtycke;2019-03-02;Torgmöte;blankett 18",
            "F F;f@example.se;kompis;2026-03-02;Torgmöte;",
            "G G;g@example.se;medlem;2036-03-02;Torgmöte;",
            "H H;h@example.se;medlem;3 mars;Torgmöte;",
            "I I;i@example.se;;;;",
            header=BASES,
        ),
        Terms(basis="membership", basis_source="Registret"),
    )
    assert [(line, code) for line, _o, code, _f in outcomes(run) if code] == [
        (5, "basis_unproved"),
        (6, "no_wording"),
        (7, "basis_unknown"),
        (8, "date_ahead"),
        (9, "date_invalid"),
        (10, "basis_undated"),
    ]
    rows = LegalBasis.objects.order_by("donor", "purpose")
    assert list(rows.values_list("purpose", "basis", "source", "proof")) == [
        ("appeals", "membership", "registret", ""),
        ("register", "membership", "registret", ""),
        ("register", "consent", "torgmote_2026", "blankett 17"),
        ("register", "regular_contact", "vaxeln", ""),
    ]


def test_a_file_that_can_not_be_read_leaves_nothing() -> None:
    with pytest.raises(FileRefused, match="too_many_cells"):
        services.upload(csv_of(ANNA + ";mer"), by=DAVID)
    assert (ImportRun.objects.count(), ChangeLine.objects.count()) == (0, 0)


def test_columns_that_name_nobody_are_refused() -> None:
    run = services.upload(csv_of(ANNA), by=DAVID)
    for chosen, code in (
        (["name", *[""] * 7], "contact_column_missing"),
        (["", "email", *[""] * 6], "name_column_missing"),
        (["name", "email", "email", *[""] * 5], "field_twice"),
        (["name", "email"], "field_unknown"),
    ):
        with pytest.raises(DonorError, match=code):
            services.check(run=run, columns=chosen, terms=MEMBERS, by=DAVID)
    run.refresh_from_db()
    assert run.state == "uploaded"


def test_each_step_is_taken_once() -> None:
    run = checked(csv_of(ANNA))
    assert services.begin(run=run, by=DAVID) is True
    assert services.begin(run=run, by=DAVID) is False
    assert services.check(run=run, columns=run.columns, terms=MEMBERS, by=DAVID) is False
    assert [running.work(run.pk), running.work(run.pk)] == [True, False]
    assert services.cancel(run=run, by=DAVID) is False
    run.refresh_from_db()
    assert (run.state, Donor.objects.count()) == ("done", 1)


def test_a_cancelled_import_is_not_written_and_its_file_is_gone() -> None:
    run = checked(csv_of(ANNA))
    assert services.cancel(run=run, by=DAVID) is True
    assert (services.begin(run=run, by=DAVID), running.work(run.pk)) == (False, False)
    run.refresh_from_db()
    assert (run.state, run.body, Donor.objects.count()) == ("cancelled", None, 0)


def test_the_file_is_sealed_and_goes_when_its_time_is_over() -> None:
    run = imported(csv_of(ANNA))
    assert b"anna" not in bytes(run.body or b"").lower()
    assert services.forget_files(run.keep_until) == 0
    assert services.forget_files(date(2036, 1, 1)) == 1
    run.refresh_from_db()
    assert (run.body, run.state, counts(run)) == (None, "done", {"created": 1})
    assert ImportRow.objects.count() == 0
    with pytest.raises(DonorError, match="file_gone"):
        services.table_of(run)


def test_the_log_of_an_import_holds_numbers_and_codes() -> None:
    run = imported(csv_of(ANNA, "Bo;;;;;;;"))
    lines = ChangeLine.objects.filter(subject_ref=str(run.ref)).order_by("pk")
    assert [(line.action, line.by) for line in lines] == [
        ("donor_import.uploaded", DAVID),
        ("donor_import.check_asked", DAVID),
        ("donor_import.checked", "system:import"),
        ("donor_import.begun", DAVID),
        ("donor_import.done", DAVID),
    ]
    assert lines[4].after == {"created": 1, "added": 0, "unchanged": 0, "person": 0, "error": 1}
    assert (ReadLine.objects.count(), Tag.objects.count()) == (0, 1)


def test_headers_above_and_columns_to_leave_out_are_no_hindrance() -> None:
    body = csv_of("Lista 2026;;;", "Förnamn;Efternamn;Epostadress;Skonummer", "Anna;Lind;a@b.se;38",
                  header=";;;")  # fmt: skip
    run = imported(body)
    assert (run.columns, counts(run)) == (["given", "family", "email", ""], {"created": 1})
    assert HEADER.startswith("Namn")
