"""Which machines train together, as the environment variable TF_CONFIG says.

Its form is TensorFlow's: all workers under `cluster`, and this one's place under `task`. A `chief`,
where there is one, else the first worker keeps the run.
"""

import json
import os

from ganprofile.errors import UsageError

EXAMPLE = (
    '{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker", "index": 0}}'
)


def cluster():
    """The addresses of all workers, the chief's first, and the index of this one.

    Returns:
        `([address, ...], index)`; `([], 0)` without TF_CONFIG.

    Raises:
        UsageError: TF_CONFIG is not as it should be.
    """
    text = os.environ.get("TF_CONFIG", "").strip()
    if not text:
        return [], 0
    try:
        config = json.loads(text)
        _check_kinds(config)
        named = [
            (kind, index, address)
            for kind in ("chief", "worker")
            for index, address in enumerate(config["cluster"].get(kind, []))
        ]
        places = [(kind, index) for kind, index, _ in named]
        task = config["task"]
        return [str(one[-1]) for one in named], places.index((task["type"], int(task["index"])))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            "TF_CONFIG should name all workers and which of them this is. "
            f"Received: {text[:200]}. It should look like {EXAMPLE}"
        ) from error


def _check_kinds(config):
    """Refuse texts in the place of lists, which could be read letter by letter, and truths in the
    place of numbers."""
    for kind in ("chief", "worker"):
        if not isinstance(config["cluster"].get(kind, []), list):
            raise TypeError(f"{kind} is no list")
    if isinstance(config["task"]["index"], bool):
        raise TypeError("the index is no number")
