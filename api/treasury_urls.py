"""Addresses of the bank under /api/v1/."""

from __future__ import annotations

from django.urls import path

from api.views import treasury

TREASURY = [
    path("bank/files", treasury.StatementFiles.as_view(), name="statement_files"),
    path("bank/files/<uuid:ref>", treasury.OneStatementFile.as_view(), name="statement_file"),
    path("bank/files/<uuid:ref>/book", treasury.BookStatementFile.as_view(), name="book_statement"),
    path("bank/mappings", treasury.CsvMappings.as_view(), name="csv_mappings"),
    path("bank/items", treasury.Items.as_view(), name="bank_items"),
    path("bank/items/<uuid:ref>", treasury.OneItem.as_view(), name="bank_item"),
    path("bank/matches", treasury.Matches.as_view(), name="matches"),
    path("bank/matches/<uuid:ref>/take", treasury.TakeMatch.as_view(), name="take_match"),
    path("bank/matches/<uuid:ref>/refuse", treasury.RefuseMatch.as_view(), name="refuse_match"),
    path("bank/matches/<uuid:ref>/undo", treasury.UndoMatch.as_view(), name="undo_match"),
    path("bank/exceptions", treasury.Exceptions.as_view(), name="exceptions"),
    path("proof", treasury.Proof.as_view(), name="proof"),
]
