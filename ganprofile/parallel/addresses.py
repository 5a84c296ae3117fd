"""Where a scheduler listens."""

import re

from ganprofile.errors import UsageError

ADDRESS = re.compile(
    r"(?P<protocol>(tcp|tls)://)?(?P<host>[\w.-]+|\[[0-9A-Fa-f:.%\w]+\]):(?P<port>\d{1,5})"
)
LARGEST_PORT = 65535


def address_of(text):
    """The address of a scheduler, with its protocol.

    Args:
        text: `HOST:PORT`, as a scheduler says it; `tls://` before it is kept.

    Raises:
        UsageError: it is no address.
    """
    found = ADDRESS.fullmatch(text)
    if not found or not 0 < int(found["port"]) <= LARGEST_PORT:
        raise UsageError(
            "`cluster` takes HOST:PORT, where a Dask scheduler listens, such as "
            f"192.168.0.10:8786. Received: {text!r}."
        )
    return f"{found['protocol'] or 'tcp://'}{found['host']}:{found['port']}"
