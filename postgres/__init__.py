"""PostgreSQL access: embedded server, connection pool, deadlines, prepared statements."""
