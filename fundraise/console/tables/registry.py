"""Every list by its name."""

from __future__ import annotations

from fundraise.console.tables.appeals import APPEALS, MAILS
from fundraise.console.tables.attributed import APPEAL_GIFTS, APPEAL_PLEDGES, LETTERS
from fundraise.console.tables.autogiro import IN_FILES, IN_ROWS, OUT_FILES, QUESTIONS
from fundraise.console.tables.base import Table
from fundraise.console.tables.book_exports import BOOK_EXPORTS
from fundraise.console.tables.campaigns import CAMPAIGNS
from fundraise.console.tables.codes import CODES
from fundraise.console.tables.deliveries import DELIVERIES
from fundraise.console.tables.disputes import DISPUTES
from fundraise.console.tables.donors import DONORS
from fundraise.console.tables.draws import DRAWS, INSTALMENTS, NOTICES
from fundraise.console.tables.exports import EXPORTS
from fundraise.console.tables.funds import FUNDS
from fundraise.console.tables.gifts import GIFTS
from fundraise.console.tables.house import ALARMS, EVENTS, RUNS
from fundraise.console.tables.journals import JOURNALS
from fundraise.console.tables.journeys import JOURNEY_PEOPLE, JOURNEYS
from fundraise.console.tables.log import CHANGE_LOG, READ_LOG
from fundraise.console.tables.mandates import MANDATES
from fundraise.console.tables.payouts import LINES, PAYOUTS
from fundraise.console.tables.pledges import PLEDGES
from fundraise.console.tables.refunds import REFUNDS
from fundraise.console.tables.replies import REPLIES, SUPPRESSIONS
from fundraise.console.tables.treasury import BANK_ITEMS, EXCEPTIONS, STATEMENT_FILES
from fundraise.console.tables.upgrades import UPGRADES
from fundraise.console.tables.year_mails import YEAR_MAILS
from fundraise.console.tables.yearly import YEAR_STATEMENTS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        GIFTS,
        PLEDGES,
        INSTALMENTS,
        DRAWS,
        NOTICES,
        MANDATES,
        UPGRADES,
        OUT_FILES,
        IN_FILES,
        IN_ROWS,
        QUESTIONS,
        REFUNDS,
        DISPUTES,
        PAYOUTS,
        LINES,
        JOURNALS,
        STATEMENT_FILES,
        BANK_ITEMS,
        EXCEPTIONS,
        BOOK_EXPORTS,
        YEAR_STATEMENTS,
        YEAR_MAILS,
        CAMPAIGNS,
        FUNDS,
        APPEALS,
        MAILS,
        CODES,
        JOURNEYS,
        JOURNEY_PEOPLE,
        EVENTS,
        ALARMS,
        RUNS,
        CHANGE_LOG,
        READ_LOG,
        EXPORTS,
        DONORS,
        DELIVERIES,
        APPEAL_GIFTS,
        APPEAL_PLEDGES,
        LETTERS,
        REPLIES,
        SUPPRESSIONS,
    )
}
