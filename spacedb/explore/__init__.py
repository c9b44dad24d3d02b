"""HTML pages about the catalogue: the home page, the search, the explorer and the pages of space stations."""
