"""The two daemons, as ``twistd`` starts them."""
