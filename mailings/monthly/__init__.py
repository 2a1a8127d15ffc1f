"""The mails of monthly giving: notices before draws, what became of them, what was changed.

Each mail follows from one fact and has one kind and subject, so that a fact that is told twice is
mailed once. Whoever has died or wants no contact is sent nothing.
"""
