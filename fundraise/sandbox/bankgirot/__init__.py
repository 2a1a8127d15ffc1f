"""A stand-in for Bankgirot, as far as autogiro goes. No money moves here.

It is written from the description of the format alone and shares no parsing and no writing with the
product: each checks the other. Start it with `python -m fundraise.sandbox.bankgirot`
(docs/bankgirot-stand-in.md), or drive it within a proof, without files and HTTP:

    from fundraise.sandbox.bankgirot.bank import Bankgirot
    from fundraise.sandbox.bankgirot.config import Payee
    from fundraise.sandbox.bankgirot.knobs import Knobs, everything

    bank = Bankgirot([Payee("9912346", "471117")], Knobs(seed=7, shares=everything()))
    receipt = bank.receive(sealed_bytes)       # receipt.accepted, .reason, .line
    for report in bank.run_day(day):           # .name, .kind, .data, .note; in order
        ...
    bank.mandates("9912346")                   # payer number -> "enquiry", "approved", "refused" …
    bank.waiting("9912346")                    # the watch register: a list of payments
    bank.deposits                              # what reached the payee's account, block by block
    bank.draws                                 # every draw that was executed; .refunds likewise
    bank.give_emandate("9912346", payer="…")   # and payer_cancels, close_account, stop_payment …
    bank.mandate_register("9912346")           # an extract as a file; watch_register likewise

`run_day` takes bank days in order. Within a day: draws, answers of the banks, what payers do, then
the files that came in before 19:00. A file given to `receive` without a time counts for the next
day that is run. The same seed, files and days give the same reports.
"""
