"""Which version of an appeal brings most: the split, the rule for a winner, the size it takes."""
