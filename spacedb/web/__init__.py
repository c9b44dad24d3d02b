"""HTML pages, the OpenAPI documents, and the health check."""
