"""What comes back about mails that left: the sender's events, visits to our links, and gifts."""
