"""Demo shop for an empty database: people, texts, and the stories of their requests."""
