"""What a `DataLoader` with workers of each kind makes of images, as an `.npz` file.

Run by `test_workers`, in a process of its own, since spawned workers import what was started. An
array for each kind: two epochs by one loader after PyTorch was seeded, `(2, n, 28, 28)`, the images
in the order of the data.
"""

import sys
import warnings

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

import ganprofile as gp

COUNT = 16


class Characters(Dataset):
    """One image again and again: what differs is what was drawn."""

    def __init__(self):
        few = gp.load("digits")[0].subset(2)
        self.images, self.labels = few.images[[0] * COUNT], few.labels[[0] * COUNT]
        transform = gp.transforms.HandwritingTransform(10, seed=5, dark_on_light=False)
        self.transform = transform.adapt(few.images, few.labels)

    def __len__(self):
        return COUNT

    def __getitem__(self, k):
        image = torch.from_numpy(self.images[k]).permute(2, 0, 1)
        return k, *self.transform(image, int(self.labels[k]))


def epochs(characters, seed, workers, context=None, persistent=False):
    characters.transform.restart()
    torch.manual_seed(seed)
    options = {"multiprocessing_context": context, "persistent_workers": persistent}
    loader = DataLoader(characters, 2, num_workers=workers, **options)
    seen = np.zeros((2, COUNT, 28, 28), np.uint8)
    for epoch in range(2):
        for rows, images, _ in loader:
            seen[epoch, rows.numpy()] = images[:, 0].numpy()
    return seen


def main():
    warnings.filterwarnings("ignore", message="This DataLoader will create 4 worker")
    characters = Characters()
    assert not {"tensorflow", "keras", "jax"} & set(sys.modules)
    found = {
        "alone": epochs(characters, 0, 0),
        "alone_again": epochs(characters, 1, 0),
        "fork2": epochs(characters, 0, 2, "fork"),
        "fork2_again": epochs(characters, 0, 2, "fork"),
        "fork2_other": epochs(characters, 1, 2, "fork"),
        "fork4": epochs(characters, 0, 4, "fork"),
        "kept2": epochs(characters, 0, 2, "fork", persistent=True),
        "spawn2": epochs(characters, 0, 2, "spawn", persistent=True),
        "spawn4": epochs(characters, 0, 4, "spawn", persistent=True),
        "directly": characters.transform.restart().deformed(
            np.concatenate([characters.images] * 2), np.tile(characters.labels, 2)
        ),
    }
    np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()
