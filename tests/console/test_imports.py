"""Member lists on the staff pages: from the file to the last row, and what a refusal leaves."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from donors.importing import running, services
from donors.models import Donor, ImportRun
from fundraise.audit.models import ReadLine
from tests.console.conftest import LogIn
from tests.console.lists import CHOSEN
from tests.donors.importing.lists import ANNA, BO, csv_of
from tests.donors.importing.workbooks import workbook

HOME = "/staff/imports/"
WRONG = "Cia Ek;cia at example;;;;;;"


@pytest.fixture
def care(log_in: LogIn) -> Client:
    return log_in("disa", "donor_care")


def send(client: Client, body: bytes, name: str = "medlemmar.csv") -> str:
    """Where the page leads after the upload."""
    answer = client.post(HOME, {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302
    return str(answer["Location"])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def work() -> ImportRun:
    run = ImportRun.objects.get()
    assert running.work(run.pk) is True
    run.refresh_from_db()
    return run


def test_a_list_goes_through_the_pages(care: Client) -> None:
    address = send(care, csv_of(ANNA, BO, WRONG))
    shown = page(care, address)
    assert "anna@example.se" in shown
    assert '<option value="email" selected>' in shown

    assert care.post(f"{address}check/", CHOSEN).status_code == 302
    assert "0 av 3 rader" in page(care, address)
    work()
    shown = page(care, address)
    assert "Lägg till 2 personer" in shown
    assert "E-post: Det är ingen e-postadress." in shown
    assert "cia at example" not in shown
    assert Donor.objects.count() == 0

    assert care.post(f"{address}begin/").status_code == 302
    run = work()
    assert "Vad det blev av raderna" in page(care, address)
    assert (run.state, Donor.objects.count()) == ("done", 2)
    assert run.by == f"staff:{care.session['_auth_user_id']}"


def test_the_page_says_in_english_what_the_button_does(care: Client) -> None:
    care.cookies["django_language"] = "en"
    address = send(care, csv_of(ANNA))
    care.post(f"{address}check/", CHOSEN)
    work()
    assert "Add 1 person<" in page(care, address)


def test_every_look_at_rows_is_written_down(care: Client) -> None:
    address = send(care, csv_of(ANNA, WRONG))
    page(care, address)
    care.post(f"{address}check/", CHOSEN)
    work()
    page(care, address)
    answer = care.get(f"{address}errors.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="fel-')
    assert "cia at example" in answer.content.decode("utf-8-sig")
    looks = ReadLine.objects.order_by("pk").values_list("purpose", "count")
    assert list(looks) == [("import.sample", 1), ("import.error_file", 1)]


def test_a_broken_file_is_refused_in_words_and_nothing_is_kept(care: Client) -> None:
    for body, words in (
        (csv_of(ANNA + ";mer"), "Rad 2, kolumn 9: Raden har fler celler"),
        (b"", "tom"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "gamla Excel"),
    ):
        answer = care.post(HOME, {"file": SimpleUploadedFile("a.csv", body)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_in_words(care: Client, settings: object) -> None:
    settings.IMPORT_MAX_BYTES = 1_000  # type: ignore[attr-defined]
    for size in (2_000, 1_100_000):
        file = SimpleUploadedFile("a.csv", b"Namn;E-post\n" + b"x" * size)
        answer = care.post(HOME, {"file": file})
        assert (answer.status_code, "Filen är för stor" in answer.content.decode()) == (422, True)
    assert ImportRun.objects.count() == 0


def test_columns_that_can_not_be_keep_what_was_chosen(care: Client) -> None:
    address = send(care, csv_of(ANNA))
    answer = care.post(
        f"{address}check/",
        {**CHOSEN, "column_0": "", "column_2": "email", "basis_on": "2036-01-01"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Två kolumner kan inte innehålla samma sak." in shown
    assert "Välj kolumnen med namn." in shown
    assert "Dagen har inte kommit än." in shown
    assert ImportRun.objects.get().state == "uploaded"


def test_another_sheet_is_looked_at(care: Client) -> None:
    body = workbook([["Om"], ["text"]], [["Namn", "E-post"], ["Anna Lind", "anna@example.se"]])
    address = send(care, body, "medlemmar.xlsx")
    assert care.post(f"{address}sheet/", {"sheet": "1"}).status_code == 302
    assert "anna@example.se" in page(care, address)
    assert care.post(f"{address}sheet/", {"sheet": "7"}).status_code == 302
    assert "inget sådant blad" in page(care, address)
    assert ImportRun.objects.get().columns == ["name", "email"]


def test_pressing_again_in_another_tab_changes_nothing(care: Client) -> None:
    address = send(care, csv_of(ANNA))
    care.post(f"{address}check/", CHOSEN)
    run = work()
    care.post(f"{address}again/")
    care.post(f"{address}begin/")
    run.refresh_from_db()
    assert run.state == "uploaded"
    assert "Listan har kommit längre" in page(care, address)
    care.post(f"{address}check/", CHOSEN)
    work()
    for _ in range(2):
        care.post(f"{address}begin/")
    assert care.post(f"{address}check/", CHOSEN).status_code == 302
    assert (work().state, Donor.objects.count()) == ("done", 1)


def test_a_stopped_list_is_thrown_away(care: Client) -> None:
    address = send(care, csv_of(ANNA))
    care.post(f"{address}cancel/")
    assert "Inget av listan lästes in." in page(care, address)
    assert ImportRun.objects.get().body is None
    assert care.get(f"{address}errors.csv").status_code == 302
    assert "sparas inte längre" in page(care, address)


def test_an_act_opened_by_its_address_does_nothing(care: Client) -> None:
    address = send(care, csv_of(ANNA))
    for act in ("check", "begin", "cancel", "again", "sheet"):
        answer = care.get(f"{address}{act}/")
        assert (answer.status_code, answer["Location"]) == (302, address)
    assert ImportRun.objects.get().state == "uploaded"


def test_others_may_neither_look_nor_bring_anything_in(
    care: Client, david: Client, cecilia: Client, reader: Client
) -> None:
    address = send(care, csv_of(ANNA))
    for client in (david, cecilia, reader):
        assert client.get(HOME).status_code == 403
        assert client.get(address).status_code == 403
        file = SimpleUploadedFile("a.csv", csv_of(BO))
        assert client.post(HOME, {"file": file}).status_code == 403
        assert client.post(f"{address}check/", CHOSEN).status_code == 403
        assert client.get(f"{address}errors.xlsx").status_code == 403
    assert [run.state for run in ImportRun.objects.all()] == ["uploaded"]


def test_a_list_that_failed_says_why_and_what_to_do(care: Client) -> None:
    address = send(care, csv_of(ANNA))
    services.fail(ImportRun.objects.get(), "gave_up")
    shown = page(care, address)
    assert "Ett larm säger varför." in shown
    assert "det som är gjort görs inte två gånger" in shown
    assert "Misslyckad" in page(care, HOME) or "Misslyckades" in page(care, HOME)


def test_no_file_of_a_list_is_written_to_the_disk(
    care: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    many = [f"Person {n};p{n}@example.se;;;;;;" for n in range(80_000)]
    body = csv_of(*many)
    assert len(body) > 2_621_440  # above which Django would write one
    address = send(care, body)
    assert UUID(address.split("/")[-2]) == ImportRun.objects.get().ref
    assert ImportRun.objects.get().rows_total == 80_000


def test_a_file_sent_by_a_stranger_is_not_read(client: Client, db: None) -> None:
    answer = client.post("/staff/login/", {"file": SimpleUploadedFile("a.csv", b"x" * 100)})
    assert answer.wsgi_request.FILES == {}
