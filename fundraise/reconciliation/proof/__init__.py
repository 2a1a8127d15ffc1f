"""The daily proof: bank, providers, ledger and reports agree to the öre, or it is said where not.

The identities are those of settings.PROOFS that carry a letter (A to H); this package adds what
the bank says, keeps each run, and puts what differs into the exceptions queue.
"""
