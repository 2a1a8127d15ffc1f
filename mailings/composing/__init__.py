"""Mails to many: what is written, what it becomes, and what each person gets filled in.

Plain Python without Django but for models, services, queries, pictures and people: blocks and merge
fields are read (`blocks`, `markup`, `merging`), looked over (`checking`) and compiled once per
version (`compiling`); `values` works out one person's words.
"""
