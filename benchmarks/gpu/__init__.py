"""How fast ganprofile is on a GPU, with Keras and JAX alone: `python -m benchmarks.gpu`."""

import os

ASKED = os.environ.get("KERAS_BACKEND") or "jax"
os.environ["KERAS_BACKEND"] = "jax"  # Keras reads it when it is first imported
