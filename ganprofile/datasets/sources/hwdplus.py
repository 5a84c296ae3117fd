"""HWD+: the published arrays, supplied by hand."""

from ganprofile.datasets.cards import read_card
from ganprofile.datasets.loaders.hwdplus_files import (
    DEFAULT_WRITER_COLUMNS,
    WRITER_INFO,
    read_hwdplus,
    sizes_in,
)
from ganprofile.datasets.places import LoadRequest
from ganprofile.errors import GanprofileError
from ganprofile.storage.names import names_of

FAMILY = "hwdplus"


class HwdplusSource:
    """13,580 digits of 97 writers in one size and one of the paper's two partitions.

    Args:
        name: our name.
        size: of the images in pixels: 28, 100 or 500.
        partition: `"digits"` (every writer in both parts) or `"individuals"`.
    """

    def __init__(self, name, size, partition="digits"):
        self.name = name
        self.size = size
        self.partition = partition

    def card(self):
        """What is known of the data."""
        return read_card(self.name)

    def is_here(self):
        """Whether the arrays are where they are looked for."""
        found = LoadRequest().find(WRITER_INFO, [FAMILY])
        return found is not None and self.size in sizes_in(found.parent)

    def load(self, request):
        """Both parts.

        Raises:
            GanprofileError: the files are not here, or are not what the paper describes.
        """
        found = request.find(WRITER_INFO, [FAMILY])
        if found is None:
            raise GanprofileError(
                f"{WRITER_INFO} is not in {request.files_folder()}. {self.card()['by_hand']}"
            )
        columns = names_of(request.options.writer_columns or DEFAULT_WRITER_COLUMNS)
        return read_hwdplus(found.parent, self.size, self.partition, columns).named(self.name)
