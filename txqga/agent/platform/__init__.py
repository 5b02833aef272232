"""The operating system behind the agent's commands: what is asked of it, and who answers."""

from txqga.agent.platform._memory import MemoryFile, MemoryPlatform
from txqga.agent.platform._memory_mounts import MemoryMounts
from txqga.agent.platform._platform import Mounted, Platform, Session, User

__all__ = ["MemoryFile", "MemoryMounts", "MemoryPlatform", "Mounted", "Platform", "Session", "User"]
