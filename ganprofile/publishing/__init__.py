"""What leaves this machine, and how."""

from ganprofile.publishing.push import Pushed, push

__all__ = ["Pushed", "push"]
