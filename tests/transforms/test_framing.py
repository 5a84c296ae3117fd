"""Ink at the edge of images, which warps are to leave inside."""

import numpy as np
import pytest
from scipy import ndimage

import ganprofile as gp
from benchmarks.edge_ink import looked_up
from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.augmentation_policy import KNOTS, MATRICES, changed
from ganprofile.transforms.deformation import DeformationAugmenter, find_deformations
from ganprofile.transforms.framing import edge_share, kept_inside, touches_edge, touching
from ganprofile.transforms.strengths import STRONGER, strengthened

SIDE = 28
COUNT = 100
BANGLA = "scripts/cmaterdb-bangla-digits"


@pytest.fixture(scope="module")
def rings():
    """Frames of ink, two pixels wide, of which the outer ones are the image's own."""
    rings = np.full((COUNT, SIDE, SIDE, 1), -1.0, np.float32)
    rings[:, :2], rings[:, -2:], rings[:, :, :2], rings[:, :, -2:] = 1, 1, 1, 1
    return rings


@pytest.fixture(scope="module")
def drawn():
    """All that moves pixels, as strong as in deformed sets, and all of it at once."""
    random = np.random.default_rng(0)
    happens = np.ones(COUNT, bool)
    numbers = {name: random.uniform(-1, 1, (COUNT, 2)) for name in MATRICES}
    numbers["elastic"] = random.uniform(-1, 1, (COUNT, 2, KNOTS, KNOTS))
    return {
        name: (happens, (STRONGER * amounts).astype(np.float32))
        for name, amounts in numbers.items()
    }


def closed(images, least=-0.8):
    """How many rings no way leads out of."""
    count = 0
    for image in images:
        pieces, _ = ndimage.label(np.pad(image[..., 0] < least, 1, constant_values=True))
        count += pieces[0, 0] != pieces[pieces.shape[0] // 2, pieces.shape[1] // 2]
    return count


def test_a_ring_around_the_image_stays_closed(rings, drawn):
    assert closed(rings) == COUNT
    assert closed(changed(rings, drawn)) < COUNT / 10
    kept = changed(rings, drawn, keep_inside=True)
    assert closed(kept) == COUNT
    # It is still turned and bent, and as large as its image allows.
    assert (np.abs(kept - rings).mean(axis=(1, 2, 3)) > 0.1).mean() > 0.9
    ink = kept[..., 0] > 0
    for axis in (1, 2):
        length = [np.ptp(np.flatnonzero(image.any(axis=axis - 1))) + 1 for image in ink]
        assert np.median(length) >= SIDE - 2


def test_what_stays_inside_by_itself_is_warped_as_ever(rings, drawn):
    dots = np.full_like(rings, -1.0)
    dots[:, 12:16, 12:16] = 1
    kept = changed(dots, drawn, keep_inside=True)
    np.testing.assert_array_equal(kept, changed(dots, drawn))
    here = np.repeat(np.eye(3, dtype=np.float32)[None], COUNT, 0)
    np.testing.assert_array_equal(kept_inside(rings, here, None), here)
    paper = np.full_like(rings, -1.0)
    np.testing.assert_array_equal(kept_inside(paper, here, None), here)


def test_a_warp_without_any_area_is_no_reason_to_fail(rings):
    flat = np.zeros((COUNT, 3, 3), np.float32)
    flat[:, 2, 2] = 1
    found = kept_inside(rings, flat, None)
    assert found.dtype == np.float32 and np.isfinite(found).all()


def test_a_set_as_a_whole_decides(rings):
    images = np.zeros((COUNT, SIDE, SIDE, 1), np.uint8)
    images[:, 10:18, 10:18] = 255
    assert edge_share(images) == 0 and touching(images) == "" and edge_share(images[:0]) == 0
    images[:20, 0, 3] = 255
    assert edge_share(images) == 0.2 and not touches_edge(images)
    images[20, 20, -1] = 100
    assert edge_share(images) == 0.21 and touches_edge(images)
    assert touching(images).startswith("Ink touches the edge of 21% of the images")
    every = np.zeros((3000, 8, 8, 1), np.uint8)
    every[1:, 0] = 255
    assert touching(every).startswith("Ink touches the edge of 99.97% of the images")
    images[21:, -1] = 40  # noise
    assert edge_share(images) == 0.21


@pytest.mark.parametrize("name", ["digits", "characters"])
def test_known_sets_have_paper_around_them(name):
    for part in gp.load(name):
        assert edge_share(part.images) < 0.02


def test_a_set_whose_ink_touches_the_edge_is_deformed_inside(rings):
    images = ((rings[:12] + 1) * 127.5).astype(np.uint8)
    transforms = {
        name: (1.0, strength)
        for name, (_, strength) in strengthened(STRONGER).items()
        if name not in ("cutout", "thickness")
    }
    deformations = find_deformations(images, np.arange(12) % 2)
    augmenter = DeformationAugmenter(images, deformations, transforms)
    deformed = augmenter.deform(np.arange(12).repeat(3), 0)
    assert closed(deformed, least=25) == 36


def unseen(images, matrices, warp):
    """Which share of each image's ink no pixel of the result is looked up near."""
    ink = images[..., 0] > 63
    lost = ink & (looked_up(matrices, warp, *images.shape[1:3]) < 0.05)
    return lost.sum(axis=(1, 2)) / ink.sum(axis=(1, 2))


def test_real_digits_that_fill_their_images_stay_whole(test_data, monkeypatch):
    if not (test_data / BANGLA).is_dir():
        pytest.skip(f"{BANGLA} is missing")
    options = {"invert": "yes", "channels": 1, "allow_overlap": True}
    few = gp.load(test_data / BANGLA, **options)[0].subset(10)
    assert edge_share(few.images) > 0.9
    learned = gp.transforms.HandwritingTransform(few.num_classes).adapt(few.images, few.labels)
    assert learned.keep_inside
    maps, resample = [], augmentation_policy.resample
    monkeypatch.setattr(
        augmentation_policy, "resample", lambda *given: maps.append(given[1:]) or resample(*given)
    )
    lost = {}
    for keep_inside in (False, True):
        transform = gp.transforms.HandwritingTransform(
            few.num_classes, seed=0, dark_on_light=False, keep_inside=keep_inside
        )
        transform.directions = learned.directions
        transform.deformed(few.images[:64], few.labels[:64])
        lost[keep_inside] = unseen(few.images[:64], *maps[-1])
    assert lost[False].mean() > 0.1 and (lost[False] > 0.05).sum() > 32
    assert lost[True].mean() < 0.001 and (lost[True] > 0.05).sum() == 0
