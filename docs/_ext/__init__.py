"""What the documentation draws from the code."""
