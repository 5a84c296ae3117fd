"""TensorFlow Datasets builders for what TFDS lacks. Importing this registers them:

import ganprofile.datasets.tfds_builders
import tensorflow_datasets as tfds

train = tfds.load("chars74k_hnd", split="train")
"""

from ganprofile.datasets.tfds_builders.chars74k_hnd import Chars74kHnd
from ganprofile.datasets.tfds_builders.hwdplus import Hwdplus

__all__ = ["Chars74kHnd", "Hwdplus"]
