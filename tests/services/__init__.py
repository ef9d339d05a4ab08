"""The product on servers it does not bring along: stock PostgreSQL, RabbitMQ, Redis, PgBouncer. `make test-full`."""
