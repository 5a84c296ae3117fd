"""Views of an image that a reader reads beside it."""

import numpy as np

from ganprofile.recipes.distillation import Teachers
from ganprofile.recipes.ensembles import Teacher
from ganprofile.recipes.several_views import views_of


class Centre:
    """Says where the ink of an image lies, as if that were probabilities of two classes."""

    def predict_proba(self, images):
        ink = images[..., 0].sum(axis=1).astype(float)
        column = (ink * np.arange(ink.shape[1])).sum(axis=1) / ink.sum(axis=1)
        share = column / ink.shape[1]
        return np.stack([share, 1 - share], axis=1).astype(np.float32)


def test_the_first_view_is_the_image_and_the_others_are_turned_both_ways(digits):
    images = digits[0].images[:5]
    first, *others = views_of(images)
    np.testing.assert_array_equal(first, images)
    assert len(others) == 4 and all(view.dtype == np.uint8 for view in others)
    bar = np.zeros((1, 29, 29, 1), np.uint8)
    bar[:, 4:25, 13:16] = 255
    places = [np.nonzero(view[0, ..., 0] > 127) for view in list(views_of(bar))[1:]]
    slants = [np.polyfit(rows, columns, 1)[0] for rows, columns in places]
    assert sum(slant > 0.02 for slant in slants) == sum(slant < -0.02 for slant in slants) > 0
    heights = [np.ptp(rows) for rows, _ in places]
    assert min(heights) < 20 < max(heights)


def test_what_is_read_of_an_image_depends_on_no_other(digits):
    images = digits[0].images[:7]
    teachers = Teachers((Teacher("convnet"),), [Centre()])
    together = teachers.predict_proba(images, has_views=True)
    alone = [teachers.predict_proba(images[k : k + 1], has_views=True)[0] for k in range(7)]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert not np.allclose(together, teachers.predict_proba(images))


def test_no_images_and_colour_have_views(digits):
    for shape in ((0, 28, 28, 1), (2, 20, 31, 3)):
        assert [view.shape for view in views_of(np.zeros(shape, np.uint8))] == [shape] * 5
