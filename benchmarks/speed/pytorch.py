"""The same networks and the same step in PyTorch, as its own DCGAN tutorial does it."""

import os

import torch
from torch import nn

NOISE = 100


def perceptrons():
    """Generator and discriminator of the preset `gan` (`ganprofile/gan/networks/mlp.py`)."""
    generator = nn.Sequential(
        *(nn.Linear(NOISE, 256), nn.ReLU()),
        *(nn.Linear(256, 512), nn.ReLU()),
        *(nn.Linear(512, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))),
    )
    discriminator = nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(784, 512), nn.LeakyReLU(0.2), nn.Dropout(0.3)),
        *(nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Dropout(0.3)),
        nn.Linear(256, 1),
    )
    return generator, discriminator, (1e-3, 3e-4)


def tutorial():
    """Those of `tutorial.py`; channels last, which PyTorch recommends on a CPU."""

    def transposed(before, after, stride):
        return nn.ConvTranspose2d(
            before, after, 5, stride, padding=2, output_padding=stride - 1, bias=False
        )

    generator = nn.Sequential(
        nn.Linear(NOISE, 7 * 7 * 256, bias=False),
        *(nn.BatchNorm1d(7 * 7 * 256), nn.LeakyReLU(0.3), nn.Unflatten(1, (256, 7, 7))),
        *(transposed(256, 128, 1), nn.BatchNorm2d(128), nn.LeakyReLU(0.3)),
        *(transposed(128, 64, 2), nn.BatchNorm2d(64), nn.LeakyReLU(0.3)),
        *(transposed(64, 1, 2), nn.Tanh()),
    )
    discriminator = nn.Sequential(
        *(nn.Conv2d(1, 64, 5, 2, padding=2), nn.LeakyReLU(0.3), nn.Dropout(0.3)),
        *(nn.Conv2d(64, 128, 5, 2, padding=2), nn.LeakyReLU(0.3), nn.Dropout(0.3)),
        *(nn.Flatten(), nn.Linear(7 * 7 * 128, 1)),
    )
    networks = [
        network.to(memory_format=torch.channels_last) for network in (generator, discriminator)
    ]
    return *networks, (1e-4, 1e-4)


FAMILIES = {"perceptrons": perceptrons, "tutorial": tutorial}


class Trainer:
    """A GAN and its data in memory.

    Args:
        family: a name in `FAMILIES`.
        images: uint8 `(n, 28, 28, 1)`.
        batch: images in a step.
        is_compiled: whether `torch.compile` makes both networks, and Adam is the fused one.
    """

    def __init__(self, family, images, batch, is_compiled):
        torch.set_num_threads(len(os.sched_getaffinity(0)))
        torch.manual_seed(0)
        generator, discriminator, rates = FAMILIES[family]()
        fused = {"fused": True} if is_compiled else {}
        self.optimizers = [
            torch.optim.Adam(network.parameters(), rate, betas=(0.5, 0.999), **fused)
            for network, rate in zip((generator, discriminator), rates, strict=True)
        ]
        networks = (generator, discriminator)
        if is_compiled:
            networks = [torch.compile(network) for network in networks]
        self.generator, self.discriminator = networks
        self.entropy = nn.BCEWithLogitsLoss()
        self.batch = batch
        data = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
        self.images = data.to(memory_format=torch.channels_last)
        self.order = iter(())

    def minibatch(self):
        """The next of a shuffled pass, float32 in [-1, 1]."""
        chosen = next(self.order, None)
        if chosen is None:
            shuffled = torch.randperm(len(self.images))
            whole = len(shuffled) // self.batch * self.batch
            self.order = iter(shuffled[:whole].split(self.batch))
            chosen = next(self.order)
        return self.images[chosen].float() / 127.5 - 1

    def step(self):
        """One update of each network."""
        of_generator, of_discriminator = self.optimizers
        real = self.minibatch()
        ones, zeros = torch.ones(self.batch, 1), torch.zeros(self.batch, 1)
        with torch.no_grad():
            fake = self.generator(torch.randn(self.batch, NOISE))
        loss = self.entropy(self.discriminator(torch.cat([real, fake])), torch.cat([ones, zeros]))
        of_discriminator.zero_grad(set_to_none=True)
        loss.backward()
        of_discriminator.step()
        fake = self.generator(torch.randn(self.batch, NOISE))
        loss = self.entropy(self.discriminator(fake), ones)
        of_generator.zero_grad(set_to_none=True)
        loss.backward()
        of_generator.step()
