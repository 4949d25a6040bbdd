"""MesoNet's Meso-4: whether a face of a video is real or a deepfake, from medium-sized details."""

import keras
from keras import layers

from data.weights.network import Network, fill_from_keras

BLOCKS = ((8, 3, 2), (8, 5, 2), (16, 5, 2), (16, 5, 4))  # filters, side of the kernel, of the pool


def mesonet() -> keras.Model:
    """Build Meso-4 with random weights: 28,073 parameters, of which 27,977 are trained.

    Four times convolution, ReLU, batch norm, maximum; then two dense layers. The maps shrink from
    256x256 to 8x8, so that a unit of the last one sees more than a pixel's noise and less than a
    face. Input (n, 256, 256, 3), pixels 0..1, an aligned face. Output (n, 1): 1 real, 0 deepfake,
    as the authors' folders ``df`` and ``real`` are numbered by the alphabet.
    """
    image = x = keras.Input((256, 256, 3), name="image")
    for k, (filters, side, pool) in enumerate(BLOCKS, start=1):
        x = layers.Conv2D(filters, side, padding="same", activation="relu", name=f"conv{k}")(x)
        x = layers.BatchNormalization(name=f"bn{k}")(x)
        x = layers.MaxPooling2D(pool, name=f"pool{k}")(x)
    x = layers.Flatten(name="flatten")(x)  # (n, 1024)
    x = layers.Dropout(0.5, name="dropout1")(x)
    x = layers.Dense(16, name="dense1")(x)
    x = layers.LeakyReLU(0.1, name="leaky_relu")(x)
    x = layers.Dropout(0.5, name="dropout2")(x)
    real = layers.Dense(1, activation="sigmoid", name="real")(x)
    return keras.Model(image, real, name="mesonet")


NETWORK = Network(mesonet, "Meso4_DF.h5", fill_from_keras)
