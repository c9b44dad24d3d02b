"""The mirror: copies the catalogue of another server page by page and applies it in one transaction."""
