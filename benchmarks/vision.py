"""torchvision, and what a user of it would train: a residual network under TrivialAugment.

It is a library of benchmarks alone: `pip install torchvision`, beside PyTorch.
"""

import importlib
import sys

import numpy as np

SIDE, BATCH = 64, 64  # pixels, which lose nothing of 28 and cost a twelfth of 224; images of a step
# Images in all: half as many read 93.2 % of a fold of MNIST, 16 of each digit, these 95.4 %.
SHOWN = 32_000
RATE = 1e-3


def torchvision():
    """The library, also where its wheel does not find the operators of a PyTorch for CPUs alone."""
    import torch

    torch.set_num_threads(1)
    try:
        return importlib.import_module("torchvision")
    except RuntimeError:  # operators of detection, which nothing here needs
        for name in [name for name in sys.modules if name.startswith("torchvision")]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float threshold) -> Tensor")
        return importlib.import_module("torchvision")


def resnet18(few, seed):
    """uint8 images -> int64 labels, by a ResNet-18 (He et al. 2016, arXiv 1512.03385) that learned
    from few under TrivialAugment (Mueller and Hutter 2021, arXiv 2103.10158).

    It begins with random weights.
    """
    models = torchvision().models
    import torch
    from torchvision.transforms import v2

    torch.manual_seed(seed)
    network = models.resnet18(num_classes=few.num_classes)
    augment = v2.TrivialAugmentWide()
    images, labels = _enlarged(few.images), torch.from_numpy(few.labels.astype(np.int64))
    steps = SHOWN // BATCH
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    rows = np.random.default_rng(seed).permutation(np.resize(np.arange(len(few)), SHOWN))
    for shown in rows[: steps * BATCH].reshape(steps, BATCH):
        seen = torch.stack([augment(images[row]) for row in shown])
        loss = torch.nn.functional.cross_entropy(network(_scaled(seen)), labels[shown])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rate.step()
    return lambda unread: _read(network.eval(), unread)


def _read(network, images):
    import torch

    with torch.inference_mode():
        parts = np.split(images, range(1000, len(images), 1000))
        read = [network(_scaled(_enlarged(part))).argmax(dim=1) for part in parts]
    return torch.cat(read).numpy()


def _enlarged(images):
    """uint8 `(n, 3, SIDE, SIDE)` of grey images."""
    import torch

    grey = torch.from_numpy(images[..., 0]).unsqueeze(1).float()
    large = torch.nn.functional.interpolate(grey, (SIDE, SIDE), mode="bilinear")
    return large.round().to(torch.uint8).expand(-1, 3, -1, -1)


def _scaled(images):
    return images.float() / 127.5 - 1
