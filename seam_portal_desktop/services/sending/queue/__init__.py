"""How the outbox keeps what is to be sent: the order, the times, and when the ledger is told."""
