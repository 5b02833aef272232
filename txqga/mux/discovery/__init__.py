"""Guests that are found: sockets that appear in folders and vanish from them."""
