"""Addresses of the treasurer's pages."""

from __future__ import annotations

from django.urls import path

from fundraise.console.views import (
    treasury_accounts,
    treasury_day,
    treasury_exceptions,
    treasury_files,
    treasury_item,
    treasury_mapping,
    treasury_match,
    treasury_paying,
    treasury_rules,
    treasury_second,
)

FILES, ITEMS = "staff/bank/files/<uuid:ref>/", "staff/bank/items/<uuid:ref>/"
EXCEPTIONS, ACCOUNTS = "staff/bank/exceptions/<uuid:ref>/", "staff/bank/accounts/<uuid:ref>/"
PAY_FROM, LISTS = "staff/bank/pay/from/<uuid:ref>/", "staff/bank/pay/lists/<uuid:ref>/"
RULES = "staff/bank/rules/<uuid:ref>/"

urlpatterns = [
    path("staff/proof/", treasury_day.proof, name="day_proof"),
    path("staff/proof/run/", treasury_day.run, name="run_proof"),
    path("staff/bank/", treasury_files.files, name="statement_files"),
    path("staff/bank/drop/", treasury_files.drop_file, name="drop_statement"),
    path(FILES, treasury_files.statement_file, name="statement_file"),
    path(f"{FILES}columns/", treasury_mapping.file_columns, name="file_columns"),
    path("staff/bank/forms/", treasury_mapping.saved_forms, name="saved_forms"),
    path("staff/bank/forms/<uuid:ref>/", treasury_mapping.saved_form, name="saved_form"),
    path("staff/bank/forms/<uuid:ref>/away/", treasury_mapping.put_form_away, name="put_form_away"),
    path(f"{FILES}book/", treasury_files.book_file, name="book_statement"),
    path(f"{FILES}away/", treasury_files.put_away, name="drop_read_statement"),
    path(f"{FILES}again/", treasury_files.read_file_again, name="read_statement"),
    path(
        "staff/bank/second/numbers/<uuid:ref>/",
        treasury_second.numbers_second,
        name="numbers_second",
    ),
    path(
        "staff/bank/second/matching/<uuid:ref>/",
        treasury_second.matching_second,
        name="matching_second",
    ),
    path("staff/bank/match/", treasury_match.match, name="match"),
    path("staff/bank/match/yes/", treasury_match.take, name="take_matches"),
    path("staff/bank/match/no/", treasury_match.refuse, name="refuse_matches"),
    path("staff/bank/match/back/", treasury_match.take_back, name="take_back_matches"),
    path("staff/bank/items/", treasury_match.items, name="bank_items"),
    path(ITEMS, treasury_item.bank_item, name="bank_item"),
    path(f"{ITEMS}gift/", treasury_item.gift_of, name="item_is_gift"),
    path(f"{ITEMS}kind/", treasury_item.kind_of, name="item_is"),
    path(f"{ITEMS}of/", treasury_item.belongs, name="item_belongs"),
    path(f"{ITEMS}came-back/", treasury_item.came_back, name="item_came_back"),
    path(f"{ITEMS}split/", treasury_item.split, name="split_item"),
    path(f"{ITEMS}park/", treasury_item.park, name="park_item"),
    path(f"{ITEMS}others/", treasury_item.others, name="item_is_others"),
    path(f"{ITEMS}join/", treasury_item.join, name="join_item"),
    path(f"{ITEMS}undo/", treasury_item.undo, name="undo_match"),
    path("staff/bank/exceptions/", treasury_exceptions.exceptions_list, name="exceptions"),
    path(EXCEPTIONS, treasury_exceptions.exception, name="exception"),
    path(f"{EXCEPTIONS}settle/", treasury_exceptions.settle, name="settle_exception"),
    path(f"{EXCEPTIONS}own/", treasury_exceptions.own, name="own_exception"),
    path(f"{EXCEPTIONS}note/", treasury_exceptions.remark, name="note_exception"),
    path("staff/bank/rules/", treasury_rules.match_rules, name="match_rules"),
    path(RULES, treasury_rules.match_rule, name="match_rule"),
    path(f"{RULES}try/", treasury_rules.try_rule, name="try_rule"),
    path(f"{RULES}change/", treasury_rules.switch_rule, name="switch_rule"),
    path("staff/bank/pay/", treasury_paying.paying, name="paying"),
    path(f"{PAY_FROM}refunds/", treasury_paying.make_refunds, name="make_refund_list"),
    path(f"{PAY_FROM}debts/", treasury_paying.make_settlement, name="make_settlement_list"),
    path(LISTS, treasury_paying.payment_list, name="payment_list"),
    path(f"{LISTS}fetch/", treasury_paying.fetch_payments, name="fetch_payments"),
    path(f"{LISTS}sent/", treasury_paying.payments_sent, name="payments_sent"),
    path(f"{LISTS}refused/", treasury_paying.payments_refused, name="payments_refused"),
    path(f"{LISTS}cancel/", treasury_paying.cancel_payments, name="cancel_payments"),
    path("staff/bank/accounts/", treasury_accounts.bank_accounts, name="bank_accounts"),
    path("staff/bank/accounts/new/", treasury_accounts.new_bank_account, name="new_bank_account"),
    path(ACCOUNTS, treasury_accounts.bank_account, name="bank_account"),
    path(f"{ACCOUNTS}numbers/", treasury_accounts.ask_numbers, name="ask_numbers"),
    path(f"{ACCOUNTS}change/", treasury_accounts.change_account, name="change_bank_account"),
    path(f"{ACCOUNTS}expect/", treasury_accounts.expect_file, name="expect_file"),
]
