"""
What a reply says, in figures: functions of a reply, or of a file of the guest's kernel.

Each takes what a guest said, which may be anything, and adds to a draft what can be read in it.
"""
