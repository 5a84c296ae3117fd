"""Which versions of Python and of the libraries found a result."""

import contextlib
import platform
from importlib import metadata

from ganprofile.frameworks import chosen

LIBRARIES = ("ganprofile", "numpy", "scipy", "scikit-learn", "keras")


def installed_versions():
    """Name -> version, of Python, the framework and those libraries that are installed."""
    versions = {"python": platform.python_version()}
    for name in (*LIBRARIES, chosen()):
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions
