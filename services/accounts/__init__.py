"""Accounts: users and rights on them, passwords, sign-in, tokens, limits on guessing."""
