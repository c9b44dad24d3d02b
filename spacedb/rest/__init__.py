"""The base of all endpoints: viewsets, filters, ordering, pagination, errors, help texts and OpenAPI documents."""
