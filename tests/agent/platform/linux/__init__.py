"""Linux, in file trees made for the purpose."""
