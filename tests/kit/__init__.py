"""Helpers of the tests: rows made to order, clients, checks of answers, tables of rights, programs of PostgreSQL."""
