"""The mirror: a copy of another server's catalogue, made page by page, put in place as a whole, kept fresh."""
