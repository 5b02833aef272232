"""
The version that ``guest-info`` and ``-V`` name.

Clients decide by it what they may ask for, so it is the QEMU whose interface we implement. Our
own version is another matter.
"""

QEMU_VERSION = "11.1.3"
