"""Many picture files: what is said while they are read."""

import numpy as np
import pytest
from PIL import Image

from ganprofile.datasets.loaders.picture_files import PictureFiles


@pytest.mark.parametrize("progress_from", [5, 7])
def test_slow_pictures_are_counted_one_by_one(tmp_path, monkeypatch, capsys, progress_from):
    """A chunk of photographs takes minutes."""
    monkeypatch.setattr("ganprofile.console.SECONDS_BETWEEN_LINES", 0.0)
    paths = [tmp_path / f"{k}.png" for k in range(6)]
    for path in paths:
        Image.fromarray(np.zeros((4, 4), np.uint8)).save(path)
    PictureFiles(paths, tmp_path, tolerant=False).each(lambda index, path: None, progress_from)
    said = [line.split()[0] for line in capsys.readouterr().err.splitlines()]
    assert said == ([f"{k}/6" for k in range(1, 7)] if progress_from == 5 else [])
