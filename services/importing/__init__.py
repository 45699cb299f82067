"""Taking over the book of another program: reading its files, checking its rows, writing them."""
