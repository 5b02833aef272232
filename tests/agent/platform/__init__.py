"""The operating system behind the agent's commands."""
