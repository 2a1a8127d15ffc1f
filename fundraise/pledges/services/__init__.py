"""The doors of this package: every change of a pledge goes through one of its modules.

`starting` begins and signs, `mandates` takes the bank's answers and new accounts, `planning` plans
instalments and notices, `drawing` sends draws and takes their outcomes, `changing` carries out what
donors and staff wish. Each is one transaction with the pledge's row locked (locks.py).
"""
