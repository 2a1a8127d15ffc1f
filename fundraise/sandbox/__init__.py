"""Stand-ins for the outside world, each a process of its own with its own port and database.

Nothing here imports a product package (save `fundraise.clock`) and nothing in the product imports
this: the two meet over HTTP and files only.
"""
