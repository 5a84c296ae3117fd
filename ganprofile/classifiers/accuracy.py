"""How well images are read."""


def accuracy(classifier, images, labels):
    """The share of images whose class a classifier says, in 0..1.

    Args:
        classifier: anything with `predict`.
        images: uint8 `(n, height, width, channels)`.
        labels: class indices `(n,)`.
    """
    return float((classifier.predict(images) == labels).mean())
