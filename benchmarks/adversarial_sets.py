"""What images that an adversarially trained generator drew give a reader of few labelled images.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/adversarial_sets.py [CELL ...] [--arms A,B]
                                        [--repeats N] [--folds] [--work DIR] [--table]

The generator is that of `warping_gan.py`: shown a character, it draws how another hand would write
it. It learned so against a critic, from scripts that are not Latin, and draws from the user's
images alone. Every student is shown as many images, labelled by the same teachers, those of the
recipe that `augment` follows:

- `recipe`: deformations, which `augment` makes.
- `drawn`: the generator's draws alone, under the transforms of `classic`.
- `half`: half of each.
- `redrawn`: the generator's draws, deformed as the recipe deforms the images.
- `undrawn`: the images themselves under the transforms of `classic`: what teachers give without
  any generator.

`classic` is the opponent of all. The test part judges, or with `--folds` images taken aside from
the training part, as in `lift.py`. Results join `results/adversarial_sets/DATASET/benchmark.json`.
"""

import dataclasses
import functools
from pathlib import Path

import keras
import lift
import numpy as np
from cells import measure_cells, parser_of
from does_it_help import parts_of, table
from other_characters import OtherCharacters
from warping_gan import as_others_write, trained_generator

import ganprofile as gp
from ganprofile.benchmarking import arms
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.classifiers.order import shown_order
from ganprofile.recipes.deformation import CLASSIC, cached_deformations
from ganprofile.recipes.ensembles import CONVNET_SHOWN
from ganprofile.recipes.recipes import recipe_for
from ganprofile.storage.arrays import open_arrays, write_arrays

RESULTS = Path(__file__).parent / "results"
CELLS = ("mnist:10", "emnist:15")
WAYS = {  # the share of what a student is shown that was drawn, and what then happens to it
    "recipe": (0.0, "classic"),
    "half": (0.5, "classic"),
    "drawn": (1.0, "classic"),
    "redrawn": (1.0, "deformed"),
}
UNDRAWN = "undrawn"
ARMS = ("classic", UNDRAWN, *WAYS)
ROUNDS = 64  # in each of which every image is drawn once, to be deformed
BASELINES = ("classic", "recipe")
GENERATOR_STEPS = 6000
GENERATOR = RESULTS / "adversarial_sets" / "generator.keras"


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Images of which some were drawn, labelled by teachers.

    Attributes:
        recipe: the `Arm` that `augment` follows.
        work: the folder of the generator.
        share: how many of the images are drawn; the others are deformed as in the recipe.
        then: what happens to drawn ones: `classic` transforms, or `deformed`.
        is_drawn: whether they are drawn at all, or only transformed.
    """

    recipe: arms.Arm
    work: Path
    share: float
    then: str = "classic"
    is_drawn: bool = True

    def __call__(self, subset, seed, folder):
        path = folder / f"drawn-{self.share}-{self.then}-{self.is_drawn}.npz"
        if not path.is_file():
            write_arrays(path, self._made(subset, seed, folder))
        arrays = open_arrays(path, "Remove it, and it is made again.")
        return TrainingSet(arrays["images"], arrays["labels"])

    def _made(self, subset, seed, folder):
        drawn, real = round(self.share * CONVNET_SHOWN), TrainingSet(subset.images, subset.labels)
        images = self.recipe.deformation(real, seed, folder).images
        if drawn:
            rows = shown_order(np.random.default_rng(seed), len(subset), drawn)
            change = self._deformed if self.then == "deformed" else self._transformed
            images[:drawn] = change(subset, rows, seed, folder)
        return {
            "images": images,
            "labels": self.recipe.distillation.labels(images, subset, seed, folder),
        }

    def _transformed(self, subset, rows, seed, folder):
        """Images of a subset, each drawn anew, under the transforms of `classic`."""
        images = subset.images[rows]
        if self.is_drawn:
            images = as_others_write(generator_in(self.work), images, seed)
        suited = CLASSIC.suited_to(subset.images, subset.labels, folder)
        return suited.augmenter_with(images, None).deform(np.arange(len(images)), seed)

    def _deformed(self, subset, rows, seed, folder):
        """Images of a subset, drawn anew now and then, deformed as in the recipe."""
        deformation = self.recipe.deformation.deformation
        suited = deformation.suited_to(subset.images, subset.labels, folder)
        found = cached_deformations(subset.images, subset.labels, seed, folder)
        made = []
        for number, some in enumerate(np.array_split(rows, ROUNDS)):
            images = as_others_write(generator_in(self.work), subset.images, seed + number)
            made.append(suited.augmenter_with(images, found).deform(some, seed + number))
        return np.concatenate(made)

    def description(self):
        """What decides the images."""
        recipe = self.recipe.description()
        told = {"share": self.share, "is_drawn": self.is_drawn, "recipe": recipe}
        told |= {"then": self.then} if self.then != "classic" else {}
        return {**told, "baselines": list(BASELINES)}


@functools.cache
def generator_in(work):
    """The generator whose draws were measured; without its file one is trained, in a folder."""
    if GENERATOR.is_file():
        return keras.saving.load_model(GENERATOR)
    others = OtherCharacters.of_scripts(work)
    return trained_generator(others, work / "generator.keras", GENERATOR_STEPS)


def arms_of(pool, per_class, options):
    """Name -> what makes a training set."""
    name = recipe_for(pool.subset(per_class, 0)).arm
    settings = {"real": pool, "test_set": None, "classifier": "convnet", "gan_steps": None}
    settings |= {"shown": CONVNET_SHOWN, "teacher_steps": None}
    named = arms.named_arms(["classic", name], **settings)
    made = {arm: Drawn(named[name], options.work, *way) for arm, way in WAYS.items()}
    undrawn = Drawn(named[name], options.work, 1.0, is_drawn=False)
    made |= {"classic": named["classic"], UNDRAWN: undrawn}
    return {arm: made[arm] for arm in options.arms}


def measure(cell, options):
    """Add a cell to its dataset's result."""
    name, per_class = cell.split(":")
    results = RESULTS / place_of(options)
    if options.folds:
        lift.measure(cell, options, lambda pool: arms_of(pool, int(per_class), options), results)
        return
    pool, test_set = parts_of(name)
    gp.benchmark(
        pool,
        test=test_set,
        per_class=int(per_class),
        arms=arms_of(pool, int(per_class), options),
        repeats=options.repeats,
        jobs=options.jobs,
        output=results / name,
    )


def place_of(options):
    """The name of the folder of results."""
    return "adversarial_sets-folds" if options.folds else "adversarial_sets"


def main():
    parser = parser_of(__doc__, CELLS, ARMS, repeats=10)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("scripts-gan"))
    options = parser.parse_args()
    measure_cells(measure, options)
    print("\n".join(table(RESULTS / place_of(options), BASELINES)))


if __name__ == "__main__":
    main()
