"""What a donor sees at the stand-in: the checkout page, the bank's page, the Swish page."""
