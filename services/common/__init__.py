"""Shared by all services: errors, clock, paging, current user, audit log."""
