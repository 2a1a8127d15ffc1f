"""Believable Swedish people and giving at any size, through COPY, with known totals.

The same seed in a fresh database gives the same people, days, sums and totals; only what must be
secret (data keys, donors' refs) differs. Numbers, digests and the hash chain are worked out here as
the ledger's door would, and the whole is one transaction of the tables' owner: it stands, and
`verify_books` agrees with it, or nothing of it is there.
"""
