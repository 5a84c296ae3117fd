"""What leaves this machine, and how."""

from ganprofile.publishing.pushing import Pushed, push

__all__ = ["Pushed", "push"]
