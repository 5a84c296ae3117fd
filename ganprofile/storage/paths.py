"""How paths are given."""

import os
from typing import TypeAlias

StrPath: TypeAlias = str | os.PathLike[str]
