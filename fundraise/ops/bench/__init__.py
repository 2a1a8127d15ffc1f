"""Benchmarks: each a figure beside a ceiling that was measured in the same run.

They run in a process whose database, broker and folder are the benchmark's own (the command starts
them and clears them away), so nothing here can touch what `make run` keeps.
"""
