"""``make demo``: an agent on this machine, a mux in front of it, and what they do together."""
