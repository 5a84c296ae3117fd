"""What is said before the command and holds for all."""

import dataclasses


@dataclasses.dataclass
class Options:
    """Set once by the application's callback.

    Attributes:
        debug: show tracebacks and what the frameworks log.
        quiet: say nothing beside results and errors.
    """

    debug: bool = False
    quiet: bool = False


options = Options()
