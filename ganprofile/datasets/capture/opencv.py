"""OpenCV, which what looks at ink needs."""

from ganprofile.errors import GanprofileError


def cv2():
    """The module.

    Raises:
        GanprofileError: it is not installed.
    """
    try:
        import cv2
    except ImportError as error:
        raise GanprofileError(
            "Photographs, sheets to fill, and readers of European digits need OpenCV, which is "
            "not installed: pip install 'ganprofile[capture]'."
        ) from error
    return cv2
