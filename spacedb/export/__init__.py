"""The catalogue as documents that ingest reads: one file for each endpoint, or one stream."""
