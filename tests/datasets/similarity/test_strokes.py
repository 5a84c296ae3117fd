import numpy as np

from ganprofile.datasets.similarity.strokes import bare_strokes


def test_ones_are_bare_strokes_and_other_digits_are_not(digits):
    train_set, _ = digits
    found = bare_strokes(train_set.images)
    by_class = np.bincount(train_set.labels[found], minlength=10) / train_set.class_counts()
    assert by_class[1] > 0.85 and np.delete(by_class, 1).max() < 0.01


def test_a_line_at_any_angle_is_one_and_a_cross_a_dot_and_nothing_are_not():
    images = np.zeros((5, 28, 28, 1), np.uint8)
    steps = np.arange(4, 24)
    images[0, steps, 14] = 255
    images[1, steps, steps] = 200
    images[2, steps, 14] = images[2, 14, steps] = 255
    images[3, 14, 14] = 255
    assert bare_strokes(images).tolist() == [True, True, False, False, False]
    assert bare_strokes(images[:0]).shape == (0,)
