"""Which appeal a gift is counted to, and what an appeal brought."""
