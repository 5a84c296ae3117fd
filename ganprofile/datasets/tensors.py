"""Tensors of PyTorch in the place of arrays; nothing here loads it."""


def without_gradient(values):
    """What was given, as NumPy can take it: a tensor by itself, in memory; all else as it is."""
    if not (hasattr(values, "detach") and hasattr(values, "cpu")):
        return values
    return values.detach().cpu()
