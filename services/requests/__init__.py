"""Requests: who sees which, what may be done to them, the changes with their events, lists, comments and history."""
