"""Launches, flights, landings, dockings and crews in Launch Library 2.2.0, by topic."""
