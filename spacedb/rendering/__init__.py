"""From a serializer to JSON: the query plan, loading related objects, rendering them."""
