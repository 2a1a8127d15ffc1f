"""The servers and processes behind `make run`, `make test` and manage.py on one machine.

Nothing here imports Django or the product: it must work before either can be started.
"""
