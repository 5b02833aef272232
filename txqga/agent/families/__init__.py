"""The agent's commands, a family to a file; :mod:`txqga.agent.agent` lists them."""
