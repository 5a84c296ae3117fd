"""Rows of measurements in a JSON file that further ones join."""

import dataclasses
import json
from pathlib import Path


@dataclasses.dataclass
class KeptRows:
    """What was measured so far.

    Attributes:
        path: the JSON file, or None to keep nothing.
        rows: name -> what was measured.
    """

    path: Path | None
    rows: dict

    @classmethod
    def open(cls, path):
        """Those of a file, which need not be there."""
        is_there = path is not None and path.is_file()
        return cls(path, json.loads(path.read_text("utf-8"))["rows"] if is_there else {})

    def keep(self, name, row):
        """Put a row in the place of what was there, and write the file."""
        self.rows[name] = row
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            content = json.dumps({"rows": self.rows}, indent=2) + "\n"
            self.path.write_text(content, encoding="utf-8")
