"""What launches, flights, crews, stations, places and payloads can be filtered by, by topic."""
