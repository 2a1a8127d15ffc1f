"""What leaves our bank account by our own hand: refunds without a provider, debts to entities."""
