"""Test helpers: factories, clients, answer checks, tables of rights, PostgreSQL's programs."""
