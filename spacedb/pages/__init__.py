"""HTML pages: the layout that all pages share, and the browsable API."""
