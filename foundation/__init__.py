"""What every app shares and no business: clock, ids, transactions, errors, idempotency, outbox, due jobs, health."""
