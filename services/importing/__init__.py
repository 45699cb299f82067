"""Import of another program's data: reading the files, checking the rows, writing them."""
