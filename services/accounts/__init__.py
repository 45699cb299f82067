"""Accounts: people and their rights on accounts, passwords, signing in, tokens, limits on guessing."""
