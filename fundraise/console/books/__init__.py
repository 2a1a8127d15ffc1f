"""The staff pages of the books: SIE files, months, opening balances."""
