"""SIE files type 4 (edition 4B, 2008-09-30): the books for another program, or for the auditor.

Plain Python fed with rows. `fundraise.ledger.sie_strict` judges what is written and shares no code
with it.
"""
