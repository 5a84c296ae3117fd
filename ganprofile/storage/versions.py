"""Which versions of Python and of the libraries found a result."""

import contextlib
import platform
from importlib import metadata

LIBRARIES = ("ganprofile", "numpy", "scipy", "scikit-learn", "keras", "tensorflow")


def installed_versions():
    """Name -> version, of Python and of those libraries that are installed."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions
