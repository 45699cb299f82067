"""What every room of the services uses: errors, the clock, pages of lists, the current user, the log of changes."""
