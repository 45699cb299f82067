"""PostgreSQL for this program: the embedded server, connections, waits with a deadline, prepared statements."""
