"""Deformed images of a written set made again, from what the set itself says of each of them."""

import dataclasses

import numpy as np

from ganprofile.augmentation.deformed_set import DEFORMATIONS
from ganprofile.augmentation.pieces import BLOCK, deformed_block
from ganprofile.datasets import Dataset
from ganprofile.datasets.formats.checksums import SUMS, is_listed
from ganprofile.errors import GanprofileError
from ganprofile.frameworks import chosen
from ganprofile.recipes.recipes import ENSEMBLES

UNRECORDED = ", or by ganprofile 0.1.0 on a framework that it did not record"


@dataclasses.dataclass(frozen=True)
class Remade:
    """What a written set was made of, so that its images can be made again.

    Attributes:
        real: the `Dataset`.
        augmenter: a `DeformationAugmenter` of its images.
        made_of: int64 `(m,)`, which image every deformed image is one of, as the manifest says.
        seed: of the deformed images.
    """

    real: Dataset
    augmenter: object
    made_of: np.ndarray
    seed: int

    @classmethod
    def read(cls, folder, claim, real, made_of):
        """From a set's folder.

        Args:
            folder: the folder.
            claim: what its `dataset.json` says in `made_from`.
            real: the data that it was made of, a `Dataset`.
            made_of: as the attribute, rows of `real`.

        Raises:
            GanprofileError: the claim or the deformations are damaged, those of another set, the
                set is a copy without them, or it was made on another framework.
        """
        from ganprofile.transforms.deformation import PairwiseDeformations

        made_on = claim.get("backend", "tensorflow")
        if made_on != chosen():
            maybe = "" if "backend" in claim else UNRECORDED
            raise GanprofileError(
                f"they were drawn on {made_on}{maybe}, whose random numbers are others than those "
                f"of {chosen()}. Set KERAS_BACKEND={made_on}"
            )
        try:
            seed, deformations = claim["seed"], None
            deformation = dataclasses.replace(
                ENSEMBLES[claim["recipe"]].deformation,
                keeps_size=claim.get("keeps_size") is True,
                weakest=float(claim.get("weakest", 1.0)),  # older sets have one strength
            )
            if deformation.is_pairwise:
                if not (folder / DEFORMATIONS).is_file():
                    raise GanprofileError(
                        f"{DEFORMATIONS} stayed with the set of which this is a copy"
                    )
                if not is_listed(folder, DEFORMATIONS):
                    raise GanprofileError(
                        f"{SUMS} does not list {DEFORMATIONS}, which may be of another set"
                    )
                deformations = PairwiseDeformations.load(folder / DEFORMATIONS)
                if len(deformations.neighbours) != len(real):
                    raise ValueError("of another set")
        except (KeyError, TypeError, ValueError) as error:
            raise GanprofileError(
                f"{DEFORMATIONS} or 'made_from' in dataset.json is damaged."
            ) from error
        return cls(real, deformation.augmenter_with(real.images, deformations), made_of, seed)

    def image(self, row):
        """The image of a manifest row, uint8 `(height, width, channels)`; None if it has none."""
        try:
            draw, seed, made_of = (int(row[key]) for key in ("draw", "seed", "real_image"))
        except (KeyError, TypeError, ValueError):
            return None
        if not 0 <= draw < len(self.made_of) or (seed, made_of) != (self.seed, self.made_of[draw]):
            return None
        return deformed_block(self.augmenter, self.made_of, draw // BLOCK, self.seed)[draw % BLOCK]
