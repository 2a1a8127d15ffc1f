"""What the bank says, and which gift, payout or other event each krona of it is."""
