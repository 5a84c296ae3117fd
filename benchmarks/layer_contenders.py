"""What `layer_speed.py` compares: each a function that makes a turn of images and labels."""

import vision

BATCH = 256
OURS = "ganprofile, HandwritingAugmenter"
# The same in all: what `augmentation_policy` calls 1.
ANGLE, ZOOM, SHIFT, SHEAR_DEGREES, REACH = 15, 0.15, 3 / 28, 11.3, 3 / 28
SMOOTH = 1 / 7  # of the side: the standard deviation of the elastic field's smoothing


def ours(images, labels):
    """The layer in a compiled graph, as in `fit` or a `tf.function`."""
    import tensorflow as tf

    layer, tensor, names = _layer(images, labels), _tensor(images), _tensor(labels)
    graph = tf.function(lambda images, labels: layer(images, labels))
    return lambda: graph(tensor, names).numpy()


def ours_eager(images, labels):
    """The layer, called with a batch and its labels outside of any graph."""
    layer, tensor, names = _layer(images, labels), _tensor(images), _tensor(labels)
    return lambda: layer(tensor, names).numpy()


def _layer(images, labels):
    import ganprofile as gp

    options = {"value_range": (0, 255), "dark_on_light": False, "seed": 0}
    return gp.HandwritingAugmenter(10, **options).adapt(images[:100], labels[:100])


def policy(images, labels):
    """The transforms alone, as sets are made with: uint8 to uint8."""
    import numpy as np

    from ganprofile.recipes.deformation import CLASSIC

    augmenter, all_of_them = CLASSIC.augmenter_with(images, None), np.arange(500) % BATCH
    return lambda: augmenter.deform(all_of_them, 0)


def keras_layers(images, labels):
    """One compiled graph of all; Keras has no thickness."""
    import keras
    import tensorflow as tf

    layers, options = keras.layers, {"fill_mode": "constant"}
    chain = [
        layers.RandomRotation(ANGLE / 360, **options),
        layers.RandomZoom(ZOOM, **options),
        layers.RandomTranslation(SHIFT, SHIFT, **options),
        layers.RandomShear(x_factor=0.2, **options),
        layers.RandomElasticTransform(1.0, scale=REACH, value_range=(0, 255), **options),
    ]

    def changed(batch):
        for layer in chain:
            batch = layer(batch, training=True)
        return batch

    graph, tensor = tf.function(changed), _tensor(images)
    return lambda: graph(tensor).numpy()


def albumentations(images, labels):
    """Image by image, as the library works; its thickness is `Morphological`."""
    import albumentations as A
    import cv2

    cv2.setNumThreads(1)
    side = images.shape[1]
    chain = A.Compose(
        [
            A.Affine(
                rotate=(-ANGLE, ANGLE),
                scale=(1 - ZOOM, 1 + ZOOM),
                translate_percent=(-SHIFT, SHIFT),
                shear={"x": (-SHEAR_DEGREES, SHEAR_DEGREES), "y": (0, 0)},
                p=1,
            ),
            A.ElasticTransform(alpha=_alpha(side), sigma=SMOOTH * side, approximate=True, p=1),
            A.Morphological(scale=(2, 3), operation="dilation", p=1),
        ]
    )
    return lambda: [chain(image=image)["image"] for image in images]


def torchvision(images, labels):
    """A batch at a time, one draw for all of it; TorchVision has no thickness."""
    chain, tensor = _torchvision(images)
    return lambda: chain(tensor)


def torchvision_singly(images, labels):
    """A draw for every image, 32 of them."""
    chain, tensor = _torchvision(images)
    return lambda: [chain(image) for image in tensor[:32]]


def kornia(images, labels):
    """A batch at a time, a draw for every image; float, which it needs."""
    import torch
    from kornia import augmentation, morphology

    torch.set_num_threads(1)
    side = images.shape[1]
    affine = augmentation.RandomAffine(
        ANGLE, (SHIFT, SHIFT), (1 - ZOOM, 1 + ZOOM), SHEAR_DEGREES, p=1.0
    )
    sigma, reach = SMOOTH * side, 2 * REACH  # of a side that is 2 long
    kernel = 2 * round(2 * sigma) + 1
    elastic = augmentation.RandomElasticTransform(
        (kernel, kernel), (sigma, sigma), (reach, reach), p=1.0
    )
    square = torch.ones(3, 3)
    tensor = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    return lambda: morphology.dilation(elastic(affine(tensor)), square)


def _torchvision(images):
    vision.torchvision()
    import torch
    from torchvision.transforms import v2

    side = images.shape[1]
    affine = v2.RandomAffine(ANGLE, (SHIFT, SHIFT), (1 - ZOOM, 1 + ZOOM), SHEAR_DEGREES)
    elastic = v2.ElasticTransform(alpha=_alpha(side), sigma=SMOOTH * side)
    chain = v2.Compose([affine, elastic])
    return chain, torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()


def _alpha(side):
    """What makes pixels move as far as ours do, about 3/28 of the side times a third, after noise
    in -1..1 was smoothed over `SMOOTH * side` pixels."""
    return REACH * side * 2 * SMOOTH * side


def _tensor(images):
    import tensorflow as tf

    return tf.constant(images)


# name -> (what makes a turn, images of a turn, whether another interpreter has it, in words)
CONTENDERS = {
    OURS: (
        ours,
        BATCH,
        False,
        "all of the policy, as its class differs; batch, graph",
    ),
    "ganprofile, the layer, eager": (ours_eager, BATCH, False, "the same; batch"),
    "ganprofile, deform": (policy, 500, False, "affine, elastic, thickness, cut-out; blocks"),
    "Keras layers": (keras_layers, BATCH, False, "affine, elastic; no thickness; batch, graph"),
    "albumentations": (albumentations, BATCH, True, "affine, elastic, thickness; image by image"),
    "TorchVision v2, a draw for a batch": (
        *(torchvision, BATCH, True),
        "affine, elastic, the same for all 256 images; no thickness; batch",
    ),
    "TorchVision v2, a draw for each": (
        *(torchvision_singly, 32, True),
        "affine, elastic; no thickness; image by image",
    ),
    "kornia": (kornia, BATCH, True, "affine, elastic, thickness; batch"),
}
