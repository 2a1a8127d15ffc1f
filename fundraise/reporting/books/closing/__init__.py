"""A month closed: a checklist that is green or signed, the freeze, and the pack for the auditor."""
