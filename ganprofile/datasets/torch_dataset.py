"""Sets for PyTorch's `DataLoader`.

Imported only by those who ask for one, since it needs PyTorch. Nothing here holds an open file that
a process would share with its workers: what is read lazily is opened by whoever reads first.
"""

import functools
import warnings

import numpy as np
from PIL import Image

from ganprofile.errors import GanprofileError, UsageError

try:
    import torch
except ImportError as error:
    raise GanprofileError("PyTorch is needed and not installed: pip install torch.") from error


class TorchDataset(torch.utils.data.Dataset):
    """A map-style dataset of `(image, target)`.

    Args:
        images: of which `[k]` is uint8 `(height, width, channels)`.
        targets: integers `(n,)`, or of which `[k]` is float32 `(num_classes,)`.
        class_names: the names of the classes.
        labels: int32 `(n,)`.
        transform: a function of a PIL image, or None.
    """

    def __init__(self, images, targets, class_names, labels, transform=None):
        self._images = images
        self._targets = targets
        self._labels = labels
        self.classes = list(class_names)
        self.transform = transform

    @property
    def class_to_idx(self):
        """Class name -> label, as torchvision's datasets have it."""
        return {name: label for label, name in enumerate(self.classes)}

    @property
    def targets(self):
        """The label of every image, int64 `(n,)`, for samplers and splits."""
        return torch.from_numpy(self._labels.astype(np.int64))

    def __len__(self):
        return len(self._labels)

    def __getitem__(self, index):
        if isinstance(index, slice) or np.ndim(index):
            raise UsageError(
                "A set for PyTorch gives one image for one number. Several are "
                f"torch.utils.data.Subset(dataset, range(3)). Received: {index!r:.60}."
            )
        index = range(len(self))[index]  # an IndexError beyond the last, by which a loop ends
        return self._image(self._images[index]), self._target(self._targets[index])

    def _image(self, pixels):
        if self.transform is None:
            levels = np.divide(pixels.transpose(2, 0, 1), np.float32(255), order="C")
            return torch.from_numpy(levels)
        return self.transform(Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels))

    def _target(self, target):
        return int(target) if np.ndim(target) == 0 else torch.from_numpy(np.array(target))


class SharedArray:
    """An array in memory, which goes to the workers of a `DataLoader` as shared memory.

    Args:
        values: the array.
    """

    def __init__(self, values):
        with warnings.catch_warnings():  # PyTorch warns where nobody may write; nobody does
            warnings.simplefilter("ignore", UserWarning)
            self._values = torch.from_numpy(np.ascontiguousarray(values))

    def __getitem__(self, index):
        return self._values[index].numpy()


class MappedArray:
    """An array in a `.npy` file, of which a process reads what it is asked for.

    Args:
        path: a function without arguments that gives the file, and makes it where it is missing.
    """

    def __init__(self, path):
        self._path = path

    def __getitem__(self, index):
        return self._values[index]

    def __getstate__(self):
        return {"_path": self._path}  # another process opens the file for itself

    @functools.cached_property
    def _values(self):
        # A plain view: of a `memmap`, each image would be one, which takes longer.
        return np.asarray(np.load(self._path(), "r", allow_pickle=False))
