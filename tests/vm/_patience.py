"""How long the tests of a virtual machine wait for anything."""

#: Seconds. QEMU runs the guest's processors in software: ten times slower, on a busy machine more.
PATIENCE = 240.0
