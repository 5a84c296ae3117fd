"""OpenCV, which what looks at ink needs."""

from ganprofile.errors import needed

MISSING = (
    "Photographs, sheets to fill, and readers of European digits need OpenCV, which is not "
    "installed: pip install 'ganprofile[capture]'."
)


def cv2():
    """The module.

    Raises:
        GanprofileError: it is not installed.
    """
    return needed("cv2", MISSING)
