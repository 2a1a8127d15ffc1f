"""camt.052, .053 and .054 of ISO 20022, versions 02 to 13, by the elements' local names."""
