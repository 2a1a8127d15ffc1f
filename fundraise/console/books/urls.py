"""The addresses of the books on the staff pages; console/urls.py takes them in."""

from __future__ import annotations

from django.urls import path

from fundraise.console.books import earlier, files, months, opening, second, together

MONTH = "staff/months/<uuid:ref>/<int:year>/<int:number>/"

urlpatterns = [
    path("staff/sie/", files.book_exports, name="book_exports"),
    path("staff/sie/new/", files.new_file, name="new_book_export"),
    path("staff/sie/year/", files.new_year_file, name="new_year_export"),
    path("staff/sie/<uuid:ref>/", files.book_export, name="book_export"),
    path("staff/sie/<uuid:ref>/file/", files.fetch_file, name="fetch_book_export"),
    path("staff/sie/<uuid:ref>/again/", files.ask_again, name="ask_book_export"),
    path("staff/months/", months.months, name="months"),
    path(MONTH, months.month, name="month"),
    path(f"{MONTH}sign/", months.sign, name="sign_month"),
    path(f"{MONTH}close/", months.close, name="close_month"),
    path(f"{MONTH}file/", months.make_file, name="month_file"),
    path(f"{MONTH}pack/", months.make_pack, name="month_pack"),
    path(f"{MONTH}reopen/", months.reopen, name="reopen_month"),
    path("staff/months/pack/<uuid:ref>/", months.pack_file, name="pack_file"),
    path("staff/months/second/<uuid:ref>/", second.second, name="book_second"),
    path("staff/months/together/", together.books_together, name="together"),
    path("staff/months/earlier/of/<uuid:ref>/", earlier.earlier_lists, name="earlier_lists"),
    path("staff/months/earlier/<uuid:ref>/", earlier.earlier_list, name="earlier_list"),
    path("staff/months/earlier/<uuid:ref>/book/", earlier.book_earlier, name="book_earlier"),
    path("staff/months/earlier/<uuid:ref>/throw/", earlier.throw_earlier, name="throw_earlier"),
    path("staff/months/earlier/<uuid:ref>/undo/", earlier.undo_earlier, name="undo_earlier"),
    path("staff/months/earlier/<uuid:ref>/again/", earlier.go_on_earlier, name="go_on_earlier"),
    path("staff/months/opening/<uuid:ref>/", opening.opening, name="opening"),
    path("staff/months/opening/<uuid:ref>/undo/", opening.undo_opening, name="undo_opening"),
]
