"""A strict judge of SIE type 4 files, written from the standard (4B) apart from the writer.

It imports nothing of `fundraise.ledger.sie`, so that a misreading there is not repeated here.
"""
