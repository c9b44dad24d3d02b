"""Launches, flights, crews, landings and dockings: models, admin and totals."""
