"""The same networks and steps in PyTorch: DCGAN and the report's variational auto-encoder."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import clock
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

LATENT = 100


def main(folder: Path) -> None:
    """Time the steps of both networks after one that warms up."""
    torch.set_num_threads(clock.threads())
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "digits.npz") as stored:
        large, small = torch.from_numpy(stored["large"]), torch.from_numpy(stored["small"])
    rows = {
        "GAN: eager": gan(large, settings["gan"]),
        "VAE: eager": vae(small, settings["vae"]),
    }
    clock.tell(rows, ("torch", "numpy"))


def generator(base: int) -> nn.Sequential:
    """Map (n, 100, 1, 1) random numbers to (n, 1, 64, 64) pictures from -1 to 1."""
    widths = [8 * base, 4 * base, 2 * base, base]
    stack = [nn.ConvTranspose2d(LATENT, widths[0], 4), nn.BatchNorm2d(widths[0]), nn.ReLU(True)]
    for before, after in pairwise(widths):
        stack += [nn.ConvTranspose2d(before, after, 4, 2, 1), nn.BatchNorm2d(after), nn.ReLU(True)]
    return nn.Sequential(*stack, nn.ConvTranspose2d(base, 1, 4, 2, 1), nn.Tanh())


def discriminator(base: int) -> nn.Sequential:
    """Map (n, 1, 64, 64) pictures to (n, 1) logits."""
    widths = [base, 2 * base, 4 * base, 8 * base]
    stack = [nn.Conv2d(1, base, 4, 2, 1), nn.LeakyReLU(0.2, True)]
    for before, after in pairwise(widths):
        stack += [nn.Conv2d(before, after, 4, 2, 1), nn.BatchNorm2d(after)]
        stack.append(nn.LeakyReLU(0.2, True))
    return nn.Sequential(*stack, nn.Conv2d(widths[-1], 1, 4), nn.Flatten())


def first_weights(layer: nn.Module) -> None:
    """Draw a convolution's weights as DCGAN does."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)


def gan(pictures: torch.Tensor, options: dict[str, Any]) -> dict[str, Any]:
    """Take one step on each batch of 64x64 digits."""
    torch.manual_seed(0)
    g, d = generator(options["base"]), discriminator(options["base"])
    for network in (g, d):
        network.apply(first_weights)
    g_adam, d_adam = (
        torch.optim.Adam(net.parameters(), lr=options["rate"], betas=(0.5, 0.999)) for net in (g, d)
    )
    batches = pictures.reshape(-1, options["batch"], 1, 64, 64)

    def take(i: int) -> float:
        real = batches[i].float() / 127.5 - 1
        fake = g(torch.randn(options["batch"], LATENT, 1, 1))
        d_adam.zero_grad()
        d_loss = from_logits(1, d(real)) + from_logits(0, d(fake.detach()))
        d_loss.backward()
        d_adam.step()
        g_adam.zero_grad()
        from_logits(1, d(fake)).backward()
        g_adam.step()
        return d_loss.item()

    take(0)
    row = clock.timed(lambda: [take(i) for i in range(len(batches))])
    row["answer"] = [2 * math.log(2), float(np.mean(row["answer"][-10:]))]
    return row


def from_logits(label: int, logits: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of logits with one label for all of them."""
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


class VAE(nn.Module):
    """Two strided convolutions to two numbers, and the same way back."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(1, capacity, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(capacity, 2 * capacity, 4, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.mu, self.logvar = (nn.Linear(98 * capacity, 2) for _ in range(2))
        self.up = nn.Sequential(
            nn.Linear(2, 98 * capacity),
            nn.Unflatten(1, (2 * capacity, 7, 7)),
            nn.ConvTranspose2d(2 * capacity, capacity, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(capacity, 1, 4, 2, 1),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the loss of a batch: reconstruction and divergence, summed."""
        h = self.down(images)
        mu, logvar = self.mu(h), self.logvar(h)
        logits = self.up(mu + torch.exp(logvar / 2) * torch.randn_like(mu))
        reconstruction = F.binary_cross_entropy_with_logits(logits, images, reduction="sum")
        return reconstruction + 0.5 * torch.sum(mu**2 + logvar.exp() - 1 - logvar)


def vae(images: torch.Tensor, options: dict[str, Any]) -> dict[str, Any]:
    """Take one step on each batch of 28x28 digits."""
    torch.manual_seed(0)
    model = VAE(options["capacity"])
    adam = torch.optim.Adam(model.parameters(), lr=options["rate"])
    batches = images.reshape(-1, options["batch"], 1, 28, 28)

    def take(i: int) -> float:
        adam.zero_grad()
        loss = model(batches[i])
        loss.backward()
        adam.step()
        return loss.item() / options["batch"]

    for i in range(len(batches)):
        take(i)  # one epoch before the clock, as on the other side, where it compiles
    row = clock.timed(lambda: [take(i) for i in range(len(batches))])
    row["answer"] = [784 * math.log(2), float(np.mean(row["answer"][-10:]))]
    return row


if __name__ == "__main__":
    main(clock.inputs())
