"""Requests: visibility, rules, changes with their events, lists, comments and history."""
