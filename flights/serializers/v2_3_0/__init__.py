"""Launches, flights, landings, dockings and crews in Launch Library 2.3.0, by topic."""
