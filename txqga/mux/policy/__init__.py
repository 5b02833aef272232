"""Who may call what, where; and the record of who did."""
