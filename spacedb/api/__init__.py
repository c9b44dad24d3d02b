"""The API: one package for each version, cut into serializers, filters and views by the same topics."""
