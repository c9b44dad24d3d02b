"""The JSON forms of launches, flights, landings, dockings and crews, per API version."""
