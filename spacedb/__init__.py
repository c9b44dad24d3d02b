"""spacedb: spacecraft, their flights and the agencies behind them, served in the forms of Launch Library 2."""

__version__ = "0.1.0"
