"""Rate limits for clients, and the API tokens that identify them."""
