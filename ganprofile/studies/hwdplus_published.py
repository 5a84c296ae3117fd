"""What Beaulac and Rosenthal (2022) published, tables 2 to 5: mean and standard deviation of the
accuracy on parts drawn anew; of the majority, its share among all writers (table 1)."""

WRITERS = 97
FIGURES = {
    "digit": {
        "naive": (0.1, None),
        "k-nn": (0.7431, 0.0222),
        "lenet-5": (0.9399, 0.0143),
        "committee": (0.9762, 0.0013),
        "deep-nn": (0.9192, 0.0160),
        "lenet-5-100": (0.9683, 0.0044),
        "m2": (0.9542, 0.0060),
    },
    "id": {
        "naive": (1 / WRITERS, None),
        "k-nn": (0.1682, 0.0049),
        "lenet-5": (0.3473, 0.0136),
        "committee": (0.6195, 0.0063),
        "deep-nn": (0.4268, 0.0077),
        "lenet-5-100": (0.3675, 0.0224),
        "lenet-5-told": (0.3575, 0.0192),
        "committee-told": (0.6003, 0.0042),
        "m2": (0.4174, 0.0099),
    },
    "digit-by-digits": {
        "lenet-5-told": (0.9551, 0.0080),
        "committee-told": (0.9812, 0.0020),
    },
    "gender": {
        "naive": (51 / WRITERS, None),
        "k-nn": (0.5608, 0.0124),
        "lenet-5": (0.5367, 0.0183),
        "committee": (0.5483, 0.0372),
        "deep-nn": (0.5394, 0.0208),
        "lenet-5-100": (0.5354, 0.0410),
    },
    "language": {
        "naive": (75 / WRITERS, None),
        "k-nn": (0.6971, 0.0369),
        "lenet-5": (0.6792, 0.0322),
        "committee": (0.7621, 0.0626),
        "deep-nn": (0.6752, 0.0604),
        "lenet-5-100": (0.7284, 0.0441),
    },
    "hand": {
        "naive": (84 / WRITERS, None),
        "k-nn": (0.7004, 0.0131),
        "lenet-5": (0.7940, 0.0285),
        "committee": (0.8304, 0.0499),
        "deep-nn": (0.7973, 0.0275),
        "lenet-5-100": (0.8129, 0.0355),
    },
    "education": {
        "naive": (55 / WRITERS, None),
        "k-nn": (0.4265, 0.0347),
        "lenet-5": (0.4117, 0.0222),
        "committee": (0.4726, 0.0343),
        "deep-nn": (0.4147, 0.0393),
        "lenet-5-100": (0.4466, 0.0368),
    },
    "medium": {
        "naive": (45 / WRITERS, None),
        "k-nn": (0.4650, 0.0243),
        "lenet-5": (0.4585, 0.0225),
        "committee": (0.4782, 0.0372),
        "deep-nn": (0.4668, 0.0189),
        "lenet-5-100": (0.4612, 0.0234),
    },
}
