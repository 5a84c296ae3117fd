"""Many independent pieces of work: here, in processes of this machine, or on a cluster."""

from ganprofile.parallel.sharing import HERE, Sharing

__all__ = ["HERE", "Sharing"]
