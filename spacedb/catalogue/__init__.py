"""Base classes of the models of the catalogue and of their admin classes."""
