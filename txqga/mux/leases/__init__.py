"""Leases of frozen guests, so that they outlive the mux."""
