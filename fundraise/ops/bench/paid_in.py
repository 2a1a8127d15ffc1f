"""A camt.054 of very many payments to an account of the bench's, and what its payers have open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import party
from fundraise.ops.seed import load
from fundraise.ops.seed.services import Plan, seed
from fundraise.reconciliation import accounts
from fundraise.reconciliation.models import BankAccount

IBAN = "SE4550000000058398257466"
BY = "system:bench"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
    "<GrpHdr><MsgId>BENCH</MsgId><CreDtTm>2026-11-26T04:00:00</CreDtTm></GrpHdr><Ntfctn>"
    "<Id>N-1</Id><CreDtTm>2026-11-26T04:00:00</CreDtTm>"
    f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>SEK</Ccy></Acct>\n"
)
CODE = (
    "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn>"
    "</BkTxCd>"
)
END = "</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"
IN_BATCH = 1000  # payments of one line of the bank's
# A reference for each donor, its check digit by the same sum as everywhere (Luhn).
_REFERENCES = """
  INSERT INTO reconciliation_reference (entity_id, number, donor_id, issued_at, ended_at, origin)
  SELECT %s, bench_ocr(%s + row_number() OVER (ORDER BY id)), id, now(), %s, 'donor' FROM (
    SELECT d.id FROM donors_donor d, generate_series(1, %s) LIMIT %s) d"""
_LUHN = """
  CREATE OR REPLACE FUNCTION pg_temp.bench_ocr(n bigint) RETURNS text LANGUAGE sql AS $$
    SELECT n::text || ((10 - sum(CASE WHEN place % 2 = 0 THEN digit
                                      WHEN digit > 4 THEN digit * 2 - 9
                                      ELSE digit * 2 END) % 10) % 10)::text
      FROM (SELECT substr(reverse(n::text), place, 1)::int AS digit, place
              FROM generate_series(1, length(n::text)) place) digits $$"""
_OPEN_GIFTS = """
  INSERT INTO gifts_gift (ref, entity_id, campaign_id, state, channel, amount_ore, currency,
         language, origin, reference, provider_ref, created_at, refunded_ore, disputed_ore, fee_ore)
  SELECT gen_random_uuid(), %s, %s, 'pending', 'swish_number', 10000 + n %% 500 * 100, 'SEK', 'sv',
         'page', '', '', now(), 0, 0, 0 FROM generate_series(1, %s) n"""
FIRST, MORE = 100_000_000, 500_000_000  # where the numbers of the two kinds begin


def make_account(people: int) -> tuple[BankAccount, Campaign]:
    """An account whose gifts go to one campaign, and a reference for each donor."""
    entity = party.ensure_party()
    party.ensure_accounts(entity)
    campaign = party.ensure_campaign(entity, clock.today())
    seed(Plan(donors=people, gifts=people, seed=1, add=True))
    new = accounts.NewAccount(
        entity, "Bench", [("iban", IBAN)], date(2026, 1, 1), campaign=campaign, ledger_number=1949
    )
    account = accounts.open_account(new, by=BY)
    issue(entity, FIRST, people)
    return account, campaign


def issue(entity: LegalEntity, first: int, number: int, *, ended: bool = False) -> None:
    """So many references more; donors have one that counts, and any number of old ones."""
    with connection.cursor() as cursor:
        cursor.execute(_LUHN)
        cursor.execute(
            _REFERENCES.replace("bench_ocr", "pg_temp.bench_ocr"),
            [entity.pk, first, clock.now() if ended else None, number, number],
        )
    load.keep_statistics("reconciliation_reference")


def open_gifts(campaign: Campaign, number: int) -> None:
    """So many gifts that wait for their money by plain Swish."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_GIFTS, [campaign.entity_id, campaign.pk, number])
    load.keep_statistics("gifts_gift")


def numbers() -> list[str]:
    """The references that count, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM reconciliation_reference WHERE ended_at IS NULL")
        return [number for (number,) in cursor.fetchall()]


def write(path: Path, payments: int, *, begin: int = 0) -> None:
    """A camt.054: four of five have a reference, the others a name, a message and an account."""
    known = numbers()
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for first in range(0, payments, IN_BATCH):
            some = range(first, min(first + IN_BATCH, payments))
            total = sum(_ore(n) for n in some)
            if first:
                out.write("</NtryDtls></Ntry>\n")
            out.write(_entry(begin + first, total, len(some)))
            out.writelines(_payments(some, begin, known))
        out.write(END)


def _ore(n: int) -> int:
    return 100_00 + n % 37 * 50_00


def _kronor(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02}"


def _entry(first: int, ore: int, number: int) -> str:
    return (
        f'<Ntry><Amt Ccy="SEK">{_kronor(ore)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-25</Dt></BookgDt>"
        f"<AcctSvcrRef>B{first}</AcctSvcrRef>{CODE}\n<NtryDtls>"
        f"<Btch><NbOfTxs>{number}</NbOfTxs></Btch>\n"
    )


def _payments(some: range, begin: int, known: list[str]) -> Iterator[str]:
    for n in some:
        name, account = f"Givare Nummer {n % 5000}", f"SE{n % 90:02}{begin + n:020}"
        said = (
            f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
            f"<Ref>{known[n % len(known)]}</Ref></CdtrRefInf></Strd>"
            if n % 5
            else f"<Ustrd>Till valet {n} tack</Ustrd>"
        )
        yield (
            f"<TxDtls><Refs><AcctSvcrRef>P{begin + n}</AcctSvcrRef><EndToEndId>E{begin + n}"
            f'</EndToEndId></Refs><Amt Ccy="SEK">{_kronor(_ore(n))}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd>{CODE}<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr>"
            f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties>"
            f"<RmtInf>{said}</RmtInf></TxDtls>\n"
        )
