"""A stand-in for the bank where the money lies: statements, notices, CSV and Swish reports.

It learns what the stand-ins for Stripe and Bankgirot paid out, adds what else moves on an account
of a movement, and hands out the bank's files day by day, some of them damaged or late when it is
told so. It is written from the descriptions of the formats alone and shares nothing with the
product's readers: each checks the other. Start it with `python -m fundraise.sandbox.bank`
(docs/bank-stand-in.md), or drive it within a proof, without files and HTTP:

    from fundraise.sandbox.bank.accounts import BankAccount
    from fundraise.sandbox.bank.core import Bank
    from fundraise.sandbox.bank.givers import Giver
    from fundraise.sandbox.bank.knobs import Knobs, everything

    bank = Bank([BankAccount("83279712345678", "Föreningen")], Knobs(seed=7, shares=everything()))
    bank.givers = [Giver("g1", "Anna Ek", ocr="1234567897")]
    bank.hear_payouts(payouts)                 # Stripe's list, as it is; twice is once
    bank.hear_deposits(deposits)               # Bankgirot's, likewise
    for day in bank.run(first, last):          # every bank day in order
        day.files                              # .name, .kind, .account, .data, .note
        day.truth                              # what every payment is
        day.faults                             # what was done to which file or payout
        day.statements                         # the bank's own books: opening, entries, closing

The same seed, knobs, givers and days give the same files.
"""
