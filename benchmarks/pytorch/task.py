"""The digits that both sides train on, and whether they learned from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from utils import data

SETTINGS = {
    "steps": 100,
    "gan": {"base": 16, "batch": 128, "rate": 2e-4},
    "vae": {"capacity": 64, "batch": 16, "rate": 1e-3},
}


def make(folder: Path, tier: str) -> dict[str, Any]:
    """Write digits and settings; return how many steps are timed, and of what."""
    digits = data.load("mnist", tier=tier)
    order = np.random.default_rng(0).permutation(len(digits.images))
    steps = SETTINGS["steps"]
    large, small = (
        digits.images[np.resize(order, steps * SETTINGS[name]["batch"])] for name in ("gan", "vae")
    )
    np.savez(
        folder / "digits.npz",
        large=np.stack([cv2.resize(image, (64, 64)) for image in large]),
        small=(small / 255).astype(np.float32),
    )
    (folder / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    name = "MNIST" if tier == "real" else "4,000 digits of MNIST"
    return {"items": steps, "what": f"of both networks on {name}"}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return what share of the first loss is gone after the timed steps.

    A row's answer is two losses: of an undecided network, and the mean of its last ten steps. A
    GAN's is the discriminator's, which is no measure of the pictures, but says that both sides
    play the same game.
    """
    return {row: {"learned": 1 - last / first} for row, (first, last) in answers.items()}
