"""`HandwritingTransform` as a transform of albumentations."""

from typing import TYPE_CHECKING, Any

import albumentations
import numpy as np

if TYPE_CHECKING:
    from ganprofile.transforms.handwriting.transform import HandwritingTransform


class HandwritingImageOnly(albumentations.ImageOnlyTransform):
    """Deforms images, by the label that a call is given as `label=...`, if it is.

    What happens is drawn by the transform that it was made of, not by albumentations' seed, so that
    it is the same as elsewhere.

    Args:
        transform: the `HandwritingTransform`.
        p: the probability that anything happens.
    """

    def __init__(self, transform: "HandwritingTransform", p: float = 1.0) -> None:
        super().__init__(p=p)
        self.transform = transform

    def get_params_dependent_on_data(
        self, params: dict[str, Any], data: dict[str, Any]
    ) -> dict[str, Any]:
        return {"label": data.get("label")}

    def apply(self, img: np.ndarray, label: Any = None, **params: Any) -> np.ndarray:
        return self.transform.deformed(img, label)

    def apply_to_images(self, images: np.ndarray, label: Any = None, **params: Any) -> np.ndarray:
        grey = images.ndim == 3
        seen = self.transform.deformed(images[..., None] if grey else images, label)
        return seen[..., 0] if grey else seen

    def get_transform_init_args_names(self) -> tuple[str, ...]:
        return ("transform",)
