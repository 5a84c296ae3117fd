"""What is said to a person while something runs; results go to standard output, this does not."""

import sys


def say(message):
    """One line to standard error."""
    print(message, file=sys.stderr, flush=True)
