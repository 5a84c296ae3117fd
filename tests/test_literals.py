"""Words that annotations name are those that the tables know."""

import typing

import pytest

from ganprofile.augmentation.plan import STRATEGIES, Strategy
from ganprofile.classifiers import CLASSIFIERS, FACTS, ClassifierName
from ganprofile.exporting.export import ExportFormat
from ganprofile.exporting.formats import EXPORTS, NEEDED
from ganprofile.filtering.rejection import LEVELS, FilterLevel
from ganprofile.recipes.recipes import PRETRAINING, recipe_for
from ganprofile.recognition.models import MODELS, ModelName
from ganprofile.runtimes import RUNTIMES
from ganprofile.studies import STUDIES
from ganprofile.studies.maps import MAPS
from ganprofile.studies.profile import profile_writers
from ganprofile.studies.registry import StudyName
from ganprofile.transforms.random_transforms import TRANSFORMS, RandomTransforms


@pytest.mark.parametrize(
    ("annotation", "table"),
    [
        (ClassifierName, CLASSIFIERS),
        (ClassifierName, FACTS),
        (ExportFormat, EXPORTS),
        (ExportFormat, RUNTIMES),
        (ExportFormat, NEEDED),
        (FilterLevel, LEVELS),
        (ModelName, MODELS),
        (StudyName, STUDIES),
        (typing.get_args(Strategy)[1], STRATEGIES),
        (recipe_for.__annotations__["pretrained"], PRETRAINING),
        (profile_writers.__annotations__["layout"], MAPS),
        (RandomTransforms.__init__.__annotations__["kind"], TRANSFORMS),
    ],
)
def test_annotations_name_what_tables_know(annotation, table):
    assert set(typing.get_args(annotation)) == set(table)
