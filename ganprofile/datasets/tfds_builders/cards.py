"""What TFDS shows of a dataset, from the same card as everything else."""

import tensorflow_datasets as tfds

from ganprofile.datasets.cards import read_card


def dataset_info(builder, family, features):
    """The `DatasetInfo` of a builder: its features and what the card of the family says.

    The examples keep the order in which they are written, that of the readers.
    """
    card = read_card(family)
    facts = ("source", "polarity", "writers", "split", "preprocessing", "tested_with", "licence")
    paragraphs = [card["title"] + "."]
    paragraphs += [f"{fact.capitalize()}: {card[fact]}" for fact in facts if fact in card]
    return tfds.core.DatasetInfo(
        builder=builder,
        description="\n\n".join(paragraphs).replace("_", " "),
        features=tfds.features.FeaturesDict(features),
        supervised_keys=("image", "label"),
        homepage=card["homepage"],
        citation=card["bibtex"],
        disable_shuffling=True,
    )


def instructions(family):
    """How to get the files by hand."""
    return read_card(family)["by_hand"]
