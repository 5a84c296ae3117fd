import numpy as np
import pytest

import ganprofile as gp
from ganprofile.gan.presets import PRESETS
from ganprofile.training.choice import GEOMETRIC, STEPS, resolve
from ganprofile.transforms.augmentation_policy import MATRICES


def dataset(per_class, size=28, channels=1, labelled=True):
    images = np.zeros((4 * per_class, size, size, channels), np.uint8)
    return gp.Dataset(images, np.arange(len(images)) % 4 if labelled else None, name="some")


@pytest.mark.parametrize(
    ("some", "model", "words"),
    [
        (dataset(200), "cdcgan", "the images are labelled, and convolutional networks draw"),
        (dataset(200, labelled=False), "dcgan", "not labelled, and convolutional networks"),
        (dataset(5, 96, 3), "cdcgan", "draw 96x96x3 best"),
    ],
)
def test_the_choice_fits_the_data_and_says_why(some, model, words):
    chosen, settings, reason = resolve("auto", {}, some)
    assert chosen == model in PRESETS
    assert reason.startswith(f"auto chose {model}: ") and words in reason
    kept_aside = len(some) // 10 if len(some) >= 200 else 0
    steps_per_epoch = -(-(len(some) - kept_aside) // 128)
    steps = settings.epochs * steps_per_epoch
    assert 0 <= steps - STEPS[settings.network] < steps_per_epoch


def test_few_images_a_class_are_shown_changed():
    _, settings, reason = resolve("auto", {}, dataset(10))
    assert settings.augmentation_policy == ("shift", "rotate", "shear", "zoom")
    assert "with only 10 images per class" in reason and "(shift, rotate, shear, zoom)" in reason
    _, settings, reason = resolve("auto", {"augmentation_policy": ()}, dataset(10))
    assert settings.augmentation_policy == () and "only" not in reason, (
        "what the user says goes before"
    )
    _, settings, reason = resolve("auto", {}, dataset(25))
    assert settings.augmentation_policy == () and "only" not in reason


def test_the_geometric_transforms_are_among_those_of_the_policy():
    """The four that were measured, in the policy's order; what the policy learned since is not."""
    assert tuple(name for name in MATRICES if name != "stretch") == GEOMETRIC


def test_the_epochs_fit_what_a_step_sees():
    some = dataset(500)
    _, settings, _ = resolve("auto", {"batch_size": 50, "discriminator_steps": 2}, some)
    assert settings.epochs * 0.9 * len(some) / 100 == pytest.approx(STEPS["dcgan"], abs=18)


def test_what_the_user_says_goes_before_the_choice():
    _, settings, _ = resolve("auto", {"epochs": 3, "loss": "hinge"}, dataset(9))
    assert (settings.epochs, settings.loss) == (3, "hinge")
    _, settings, _ = resolve("auto", {"minutes": 1.0}, dataset(9))
    assert settings.epochs > 10**5 and settings.minutes == 1.0
    model, settings, reason = resolve("cgan", {}, dataset(9))
    assert (model, settings, reason) == ("cgan", PRESETS["cgan"], "")


@pytest.mark.slow
def test_the_choice_is_recorded_and_said(digits, tmp_path, capfd):
    run = gp.train(digits[0].subset(5), epochs=1, output=tmp_path)
    assert run.config["model"] == "cdcgan"
    assert run.config["choice"] in capfd.readouterr().err
    assert run.config["choice"].startswith("auto chose cdcgan: the images are labelled")
