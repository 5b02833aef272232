"""Filesystems held still."""
