"""The filter panel of a list: its fields by name, facets, and the active filters."""
