"""Images seen through maps of their places: affine matrices, and a field of moves on top.

Images are float32 `(n, height, width, channels)` in [-1, 1], -1 being paper. Matrices `(n, 3, 3)`
lead from a pixel of the result, (x, y, 1) in pixels right of and below the centre, back to where
it comes from.
"""

from ganprofile.transforms import array_warping
from ganprofile.transforms.arrays import NUMPY, Tensor, namespace

PAPER = -1.0


def resample(images: Tensor, matrices: Tensor, warp: tuple[Tensor, Tensor] | None = None) -> Tensor:
    """Images seen through affine maps, with bilinear interpolation; around them is paper.

    Four gathers: `keras.ops.image.affine_transform` is as fast, but on TensorFlow its gradient is
    an approximation, and products with matrices of hat functions cost the side times as much.
    Places are `(n * height, width)`, as products of matrices give them: another shape between the
    two costs compiled code a division for every pixel, and twice the time.

    Args:
        images: float32 `(n, height, width, channels)`.
        matrices: `(n, 3, 3)` or `(1, 3, 3)`, from places in the result to places in the image.
        warp: how much further right and down, in pixels, each place is looked for, two tensors
            `(n, height, width)`.

    Returns:
        Images of the same shape; where nothing moves, the same to the bit.
    """
    ops = namespace(images, matrices, *(warp or ()))
    if ops is NUMPY:
        return array_warping.resample(images, matrices, warp)
    count, height, width, channels = ops.shape(images)
    x, y = _places(ops.broadcast_to(matrices, (count, 3, 3)), height, width)
    if warp is not None:
        x, y = (at + ops.reshape(far, (-1, width)) for at, far in zip((x, y), warp, strict=True))
    left, right_share = _neighbour(x, width)
    top, lower_share = _neighbour(y, height)
    framed = ops.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=PAPER)
    pixels = ops.reshape(framed, (-1, channels))
    stride = width + 2
    first = ops.arange(count, dtype="int32")[:, None] * ((height + 2) * stride)
    corner = _per_row(first, height) + top * stride + left
    upper_left, upper_right, lower_left, lower_right = (
        ops.rows(pixels, corner + step) for step in (0, 1, stride, stride + 1)
    )
    upper = mix(upper_left, upper_right, right_share)
    lower = mix(lower_left, lower_right, right_share)
    return ops.reshape(mix(upper, lower, lower_share), (-1, height, width, channels))


def product(first: Tensor, second: Tensor) -> Tensor:
    """Matrix products `(n, 3, 3)` in full precision, which accelerators' own do not have."""
    ops = namespace(first, second)
    if ops is NUMPY:
        return first @ second
    return ops.sum(first[:, :, :, None] * second[:, None, :, :], axis=2)


def mix(start: Tensor, end: Tensor, share: Tensor) -> Tensor:
    """The point that lies a share of the way from a start to an end, elementwise."""
    # In this form equal ends stay what they are, and rounding never leaves [-1, 1].
    return start + share * (end - start)


def _places(matrices: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Column and row, each `(n * height, width)`, that every pixel of the result comes from."""
    ops = namespace(matrices)
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    x = ops.arange(width, dtype=matrices.dtype) - middle_x
    y = ops.arange(height, dtype=matrices.dtype) - middle_y
    column, row = (
        _per_row(matrices[:, axis, :1], height) * x
        + _per_row(matrices[:, axis, 1:2] * y, height)
        + _per_row(matrices[:, axis, 2:], height)
        + middle
        for axis, middle in enumerate((middle_x, middle_y))
    )
    return column, row


def _per_row(values: Tensor, height: int) -> Tensor:
    """Numbers of images, `(n, 1)`, or of their rows, `(n, height)`, as `(n * height, 1)`."""
    ops = namespace(values)
    count = ops.shape(values)[0]
    return ops.reshape(ops.broadcast_to(values, (count, height)), (-1, 1))


def _neighbour(place: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """The pixel before a place, counted in the framed image, and the share of the one after it."""
    ops = namespace(place)
    place = ops.clip(place, -1.0, length)  # all beyond the frame is paper like the frame
    before = ops.minimum(ops.floor(place), length - 1.0)
    return ops.cast(before, "int32") + 1, (place - before)[..., None]
