"""The declaration of a JSON representation: base serializer, fields, reductions, derived versions."""
