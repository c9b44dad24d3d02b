"""Models that many resources refer to: images, licenses, countries, languages and links."""
