"""MATLAB and HDF5 files, of every version and layout that people have."""

import h5py
import numpy as np
import pytest
import scipy.io
import scipy.sparse

import ganprofile as gp
from ganprofile.datasets.loaders import mat_files
from ganprofile.images import encode_png

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (12, 8, 8), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0
IMAGES[0, 1, 1] = 255
LABELS = np.arange(12) % 3
MAT = "scripts/ahcd-arabic/Train+Test_Images_Matlab.mat"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch, request):
    """Processes take seconds to begin; one test has one."""

    class Here:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def submit(self, function, *arguments):
            result = function(*arguments)
            return type("Done", (), {"result": lambda _: result})()

    if "process" not in request.node.name:
        monkeypatch.setattr(mat_files, "pool", lambda *_: Here())


def check(path, images=IMAGES, names=("0", "1", "2")):
    train, test = gp.load(path)
    assert np.array_equal(train.images[..., 0], images)
    assert train.labels.tolist() == LABELS.tolist() and train.class_names == names
    return train, test


LAYOUTS = {
    "images first": (IMAGES, LABELS),
    "images last": (np.moveaxis(IMAGES, 0, -1), LABELS[:, None]),
    "channels and images last": (np.moveaxis(IMAGES, 0, -1)[:, :, None], LABELS[None]),
    "rows": (IMAGES.reshape(12, 64), LABELS),
    "columns": (IMAGES.reshape(12, 64).T, LABELS[None]),
    "fractions": (IMAGES / 255, LABELS.astype(float)),
}


@pytest.mark.parametrize(("images", "labels"), LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(tmp_path, images, labels):
    scipy.io.savemat(tmp_path / "a.mat", {"X": images, "y": labels})
    check(tmp_path / "a.mat")


def test_in_a_process_of_its_own(tmp_path):
    scipy.io.savemat(tmp_path / "a.mat", {"X": IMAGES, "y": LABELS}, do_compression=True)
    check(tmp_path / "a.mat")


def test_structures_and_cells(tmp_path):
    parts = {"train": {"images": IMAGES, "labels": LABELS}, "test": {"images": IMAGES[::-1] // 2}}
    scipy.io.savemat(tmp_path / "a.mat", {"dataset": parts})
    check(tmp_path / "a.mat")
    cells, texts = np.empty((12, 1), object), np.empty((12, 1), object)
    for k in range(12):
        cells[k, 0], texts[k, 0] = IMAGES[k], "abc"[LABELS[k]]
    scipy.io.savemat(tmp_path / "b.mat", {"images": cells, "labels": texts})
    check(tmp_path / "b.mat", names=("a", "b", "c"))


def test_files_of_parts_as_svhn_has_them(tmp_path):
    for part, step in (("train", 1), ("test", -1)):
        content = {"X": np.moveaxis(IMAGES[::step] // (2 - step), 0, -1)[:, :, None], "y": LABELS}
        scipy.io.savemat(tmp_path / f"{part}_8x8.mat", content)
    train, test = check(tmp_path)
    assert len(train) == len(test) == 12


def test_an_array_per_class(tmp_path, capsys):
    rows = {f"train{k}": IMAGES[k == LABELS].reshape(4, 64) for k in range(3)}
    scipy.io.savemat(tmp_path / "all.mat", rows)
    train, _ = gp.load(tmp_path / "all.mat")
    assert train.class_counts().tolist() == [4, 4, 4]
    assert np.array_equal(train.images[4:8, ..., 0], IMAGES[LABELS == 1])
    said = "3 arrays of images called train were taken for one class each, 0 to 2"
    assert said in capsys.readouterr().err


def test_version_7_3_counts_the_other_way_round(tmp_path):
    with h5py.File(tmp_path / "a.mat", "w", userblock_size=512) as file:
        file["data/images"] = IMAGES.transpose(2, 1, 0)  # as MATLAB writes (n, height, width)
        file["data/labels"] = LABELS[None]
        file["#refs#/a"] = np.zeros(3)
        file["other"] = h5py.ExternalLink("elsewhere.h5", "/images")
    check(tmp_path / "a.mat")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["train/data"], file["train/target"] = IMAGES.reshape(12, 64), LABELS
    check(tmp_path / "b.h5")


@pytest.mark.parametrize(
    "content", [b"", b"MATLAB 5.0 MAT-file" + bytes(200), b"\x89HDF\r\n\x1a\n"]
)
def test_damaged_files_are_named(tmp_path, content):
    (tmp_path / "a.mat").write_bytes(content)
    with pytest.raises(gp.GanprofileError, match=r"a\.mat cannot be read as a MATLAB or HDF5 file"):
        gp.load(tmp_path / "a.mat")


def test_files_without_images(tmp_path):
    scipy.io.savemat(tmp_path / "a.mat", {"weights": np.zeros((3, 2)), "note": "nothing"})
    with pytest.raises(gp.GanprofileError, match="has no array 'images'"):
        gp.load(tmp_path / "a.mat")


def test_real_arabic_letters(test_data):
    if not (test_data / MAT).is_file():
        pytest.skip(f"{MAT} is missing")
    train, test = gp.load(test_data / MAT, allow_overlap=True)
    assert train.images.shape == (13440, 32, 32, 1) and len(test) == 3360
    assert train.labels is None, "they are objects of MATLAB's own"
    said = r"such as TTrain \(categorical\), .* TTrain = cellstr\(TTrain\); save\('plain.mat'\)"
    with pytest.raises(gp.UsageError, match=said):
        gp.import_dataset(test_data / MAT, "x", dry_run=True)


def smooth(count, side):
    """Images in which pixels side by side are more alike than those of two images."""
    shades = RANDOM.integers(0, 256, (count, 3, 3))
    images = shades.repeat(side // 3 + 1, 1).repeat(side // 3 + 1, 2)[:, :side, :side]
    images[:, [0, -1]] = images[:, :, [0, -1]] = 0
    return images.astype(np.uint8)


@pytest.mark.parametrize(
    "stored",
    [
        lambda images: images,
        lambda images: np.moveaxis(images, 0, -1),
        lambda images: images.reshape(len(images), -1),
        lambda images: images.reshape(len(images), -1).T,
    ],
    ids=["first", "last", "rows", "columns"],
)
def test_as_many_images_as_pixels(tmp_path, stored, capsys):
    count = 144 if stored(IMAGES).ndim == 2 else 12
    images, labels = smooth(count, 12), np.arange(count) % 3
    images[0, 1, 1] = 255
    scipy.io.savemat(tmp_path / "a.mat", {"images": stored(images), "labels": labels[:, None]})
    train, _ = gp.load(tmp_path / "a.mat")
    assert np.array_equal(train.images[..., 0], images)
    assert "along which values change most" in capsys.readouterr().err


@pytest.mark.parametrize("turned", [False, True])
def test_one_hot_labels_beside_images_counted_last(tmp_path, turned):
    one_hot = np.eye(3)[LABELS]
    content = {"x": np.moveaxis(IMAGES, 0, -1), "y": one_hot.T if turned else one_hot}
    scipy.io.savemat(tmp_path / "a.mat", content)
    check(tmp_path / "a.mat")


@pytest.mark.parametrize("equal", [False, True])
@pytest.mark.parametrize("flat", [False, True])
def test_an_array_per_class_counted_last(tmp_path, equal, flat):
    order = np.argsort(LABELS, kind="stable")
    images = IMAGES[order] if equal else IMAGES[order][:-1]
    labels = LABELS[order][: len(images)]
    content = {f"digit{k}": np.moveaxis(images[labels == k], 0, -1) for k in range(3)}
    if flat:
        content = {name: array.reshape(64, -1) for name, array in content.items()}
    scipy.io.savemat(tmp_path / "a.mat", content)
    train, _ = gp.load(tmp_path / "a.mat")
    assert np.array_equal(train.images[..., 0], images)
    assert train.labels.tolist() == labels.tolist()


def test_a_structure_for_each_image(tmp_path):
    rows = np.zeros((12, 1), [("image", "O"), ("label", "O")])
    for row, image, label in zip(rows, IMAGES, LABELS, strict=True):
        row[0] = (image, float(label))
    scipy.io.savemat(tmp_path / "a.mat", {"data": rows})
    check(tmp_path / "a.mat")


def test_labels_by_name_come_before_others_by_shape(tmp_path):
    """Else whoever wrote an image would be its class."""
    content = {"digits": IMAGES, "subject": np.arange(12)[:, None] // 6, "target": LABELS[:, None]}
    scipy.io.savemat(tmp_path / "a.mat", content)
    check(tmp_path / "a.mat")


def test_writers_are_numbers_of_matlab(tmp_path):
    content = {"images": IMAGES, "labels": LABELS, "writers": np.arange(12.0) // 2}
    scipy.io.savemat(tmp_path / "a.mat", content)
    assert check(tmp_path / "a.mat")[0].writers.tolist() == (np.arange(12) // 2).tolist()


def cells(file, name, values):
    """A cell array as MATLAB 7.3 writes it."""
    references = []
    for number, value in enumerate(values):
        is_text = isinstance(value, str)
        stored = np.frombuffer(value.encode("utf-16-le"), "<u2")[:, None] if is_text else value.T
        item = file.create_dataset(f"#refs#/{name}{number}", data=stored)
        item.attrs["MATLAB_class"] = np.bytes_("char" if is_text else value.dtype.name)
        references.append(item.ref)
    file.create_dataset(name, data=np.array([references], h5py.ref_dtype))


@pytest.mark.parametrize("kind", ["images", "names", "class names"])
def test_cells_of_version_7_3(tmp_path, kind):
    names = ["ক", "খগ", "😀"]
    with h5py.File(tmp_path / "a.mat", "w") as file:
        if kind == "images":
            cells(file, "images", IMAGES)
        else:
            file["images"] = IMAGES.T
        if kind == "names":
            cells(file, "labels", [names[label] for label in LABELS])
        else:
            file["labels"] = LABELS[None] + 1.0
        if kind == "class names":
            cells(file, "class_names", names)
    check(tmp_path / "a.mat", names=tuple("123" if kind == "images" else sorted(names)))


def test_objects_of_version_7_3_are_named_and_not_read(tmp_path, capsys):
    with h5py.File(tmp_path / "a.mat", "w") as file:
        file["images"] = IMAGES.T
        labels = file.create_dataset("labels", data=np.arange(12, dtype=np.uint32)[None])
        labels.attrs["MATLAB_class"] = np.bytes_("table")
        labels.attrs["MATLAB_object_decode"] = np.int32(3)
    assert gp.load(tmp_path / "a.mat")[0].labels is None
    assert "labels = table2struct(labels, 'ToScalar', true)" in capsys.readouterr().err


def cell_array(values):
    array = np.empty((1, len(values)), object)
    for place, value in enumerate(values):
        array[0, place] = value
    return array


SORTED = [IMAGES[k == LABELS] for k in range(3)]
COUNTS = [4, 3, 2]
PER_CELL = {
    "as many each": ([4, 4, 4], lambda images: images),
    "images first": (COUNTS, lambda images: images),
    "images last": (COUNTS, lambda images: np.moveaxis(images, 0, -1)),
    "rows": (COUNTS, lambda images: images.reshape(len(images), 64)),
    "columns": (COUNTS, lambda images: images.reshape(len(images), 64).T),
    "as many rows": ([4, 4, 4], lambda images: images.reshape(len(images), 64)),
}


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("version", ["5", "7.3"])
@pytest.mark.parametrize(("counts", "stored"), PER_CELL.values(), ids=PER_CELL)
def test_a_cell_for_each_class(tmp_path, version, counts, stored, named, capsys):
    parts = [images[:count] for images, count in zip(SORTED, counts, strict=True)]
    values, names = [stored(images) for images in parts], list("abc")
    if version == "5":
        content = {"digits": cell_array(values)}
        scipy.io.savemat(tmp_path / "a.mat", content | ({"class_names": names} if named else {}))
    else:
        with h5py.File(tmp_path / "a.mat", "w") as file:
            cells(file, "digits", values)
            if named:
                cells(file, "class_names", names)
    train, _ = gp.load(tmp_path / "a.mat")
    assert np.array_equal(train.images[..., 0], np.concatenate(parts))
    assert train.class_names == (("a", "b", "c") if named else ("1", "2", "3"))
    assert train.class_counts().tolist() == counts
    assert "3 arrays of images called digits were taken for one class each, 1 to 3" in (
        capsys.readouterr().err
    )


def test_a_row_of_cells_for_each_class(tmp_path):
    """As in `binaryalphadigs.mat`, with a name and a count for each class."""
    grid = np.empty((3, 4), object)
    for k, images in enumerate(SORTED):
        for place, image in enumerate(images):
            grid[k, place] = image[:, :7]
    content = {"dat": grid, "classlabels": list("abc"), "classcounts": cell_array([4, 4, 4])}
    scipy.io.savemat(tmp_path / "a.mat", content)
    train, _ = gp.load(tmp_path / "a.mat")
    assert np.array_equal(train.images[..., 0], np.concatenate(SORTED)[:, :, :7])
    assert train.class_names == ("a", "b", "c") and train.class_counts().tolist() == [4, 4, 4]


def test_cells_to_test_with_may_have_no_labels(tmp_path, capsys):
    images = [image[: 7 + k % 2] for k, image in enumerate(IMAGES)]
    content = {"x_train": cell_array(images[:9]), "y_train": LABELS[:9]}
    scipy.io.savemat(tmp_path / "a.mat", content | {"x_test": cell_array(images[9:])})
    train, test = gp.load(tmp_path / "a.mat", image_size=8)
    assert train.labels.tolist() == LABELS[:9].tolist() and test is None
    assert "the test part has no labels and is left out" in capsys.readouterr().err


def test_an_axis_for_the_classes_as_usps_has_it(tmp_path, capsys):
    images = RANDOM.integers(1, 256, (3, 50, 8, 8), dtype=np.uint8)
    images[:, :, [0, -1]] = images[:, :, :, [0, -1]] = 0
    content = {"data": images.reshape(3, 50, 64).transpose(2, 1, 0)}
    scipy.io.savemat(tmp_path / "usps.mat", content)
    train, _ = gp.load(tmp_path / "usps.mat")
    assert np.array_equal(train.images[..., 0], images.reshape(150, 8, 8))
    assert train.class_names == ("1", "2", "3")
    assert "called data were taken for one class each, 1 to 3" in capsys.readouterr().err


@pytest.mark.parametrize("shape", [(12, 20, 16), (20, 16, 12), (64, 12, 9)])
def test_images_without_labels_are_no_classes(tmp_path, shape):
    scipy.io.savemat(tmp_path / "a.mat", {"images": RANDOM.integers(0, 256, shape, np.uint8)})
    assert gp.load(tmp_path / "a.mat")[0].labels is None


GROUPS = {
    "a group with an array": lambda name, images: {f"{name}/images": images},
    "an array": lambda name, images: {name: images},
    "a group with an array an image": lambda name, images: {
        f"{name}/{k:02}": image for k, image in enumerate(images)
    },
    "in a group": lambda name, images: {f"data/{name}": images},
    "of two parts": lambda name, images: {
        f"{part}/{name}": images // step for part, step in (("train", 1), ("test", 2))
    },
}


@pytest.mark.parametrize("names", ["ABC", "XYZ", ["ka", "k_a", "kha"], "Yyx"])
@pytest.mark.parametrize("stored", GROUPS.values(), ids=GROUPS)
def test_classes_by_the_names_of_groups(tmp_path, names, stored, capsys):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, images in zip(names, SORTED, strict=True):
            file.update(stored(name, images))
    train, test = gp.load(tmp_path / "a.h5")
    found = {
        name: train.images[train.labels == k, ..., 0] for k, name in enumerate(train.class_names)
    }
    assert sorted(found) == sorted(names)
    for name, images in zip(names, SORTED, strict=True):
        assert np.array_equal(found[name], images)
    assert (test is not None) == ("test" in str(stored("A", IMAGES).keys()))
    assert "3 arrays of images" in capsys.readouterr().err


@pytest.mark.parametrize("images", ["images/{}", "images/img_{}", "train/images/{}"])
@pytest.mark.parametrize("labels", ["labels", "labels/{}"])
def test_an_array_for_each_image_in_the_order_of_numbers(tmp_path, images, labels):
    labels = "train/" * images.startswith("train") + labels
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for k, image in enumerate(IMAGES):
            file[images.format(k)] = image
        for k, label in enumerate(LABELS) if "{" in labels else ():
            file[labels.format(k)] = label
        if "{" not in labels:
            file[labels] = LABELS
    check(tmp_path / "a.h5")


@pytest.mark.parametrize("labels", ["labels", "labels/{}", "labels/y{}"])
@pytest.mark.parametrize(
    "images", ["images/{name}_{k}", "images/w{label}_{k}", "images/{k}_{label}"]
)
def test_an_array_for_each_image_has_the_label_of_its_number(tmp_path, images, labels):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for k, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
            file[images.format(k=k, label=label, name="zyx"[label])] = image
            if labels != "labels":
                file[labels.format(k)] = label
        if labels == "labels":
            file[labels] = LABELS
    check(tmp_path / "a.h5")


@pytest.mark.parametrize("part", ["", "train/"])
@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("image_{}", "label_{}"),
        ("{}_img", "{}_lab"),
        ("{}.png", "{}.txt"),
        ("{1}_{2}", "{1}"),
        ("{1}_{2}", "label_{2}"),
    ],
)
def test_images_and_labels_are_paired_by_what_their_names_share(tmp_path, part, images, labels):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for k, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
            told = ["abcdefghijkl"[k], k, 10 * k]
            file[f"{part}images/{images.format(*told)}"] = image
            file[f"{part}labels/{labels.format(*told)}"] = label
    check(tmp_path / "a.h5")


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        (range(1, 12), range(11), "images 11 has no label and labels 0 has no image of"),
        (range(11), range(12), "a.h5: labels 11 has no image of"),
        (range(12), [*range(5), *range(6, 12)], "a.h5: images 5 has no label of"),
        ("abc", "abd", "images c has no label and labels d has no image of"),
        (range(10, 20), range(10), "images 10 has no label and labels 0 has no image of"),
        (range(10, 100, 10), range(1, 10), "images 10 has no label and labels 1 has no image of"),
        (["0_2", "1_1", "2_0"], range(3), "images 0_2 has no label and labels 0 has no image of"),
    ],
)
def test_images_called_otherwise_than_their_labels_are_refused(tmp_path, images, labels, said):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, image in zip(images, IMAGES, strict=False):
            file[f"images/{name}"] = image
        for name, label in zip(labels, LABELS, strict=False):
            file[f"labels/{name}"] = label
    with pytest.raises(gp.UsageError, match=said):
        gp.load(tmp_path / "a.h5")


@pytest.mark.parametrize("group", ["{}", "samples/sample_{}", "train/{}"])
@pytest.mark.parametrize("stored", [int, lambda label: np.array([label]), lambda label: f"{label}"])
def test_a_group_for_each_image_and_its_label(tmp_path, group, stored):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for k, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
            file[f"{group.format(k)}/image"] = image
            file[f"{group.format(k)}/label"] = stored(label)
    check(tmp_path / "a.h5")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("kind", ["S2", h5py.string_dtype("ascii")], ids=["fixed", "variable"])
def test_bytes_that_are_no_ascii(tmp_path, encoding, kind):
    """h5py stores bytes as ASCII, whatever they are; those that are not needed may be anything."""
    names = [name.encode(encoding) for name in "éèà"]
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.update({"images": IMAGES, "labels": LABELS})
        file.create_dataset("filenames", data=[names[k] for k in LABELS], dtype=kind)
    check(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["images"] = IMAGES
        file.create_dataset("labels", data=[names[k] for k in LABELS], dtype=kind)
    if encoding == "utf-8":
        assert set(gp.load(tmp_path / "b.h5")[0].class_names) == set("éèà")
    else:
        with pytest.raises(gp.UsageError, match=r"labels of .*b\.h5 should be .*can't decode"):
            gp.load(tmp_path / "b.h5")


def test_numbers_beside_the_images_are_said(tmp_path, capsys):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.update({"images": IMAGES, "labels": LABELS, "num_classes": 3, "version": "1.0"})
    check(tmp_path / "a.h5")
    assert "the arrays num_classes, version are not read" in capsys.readouterr().err


def test_a_set_of_groups_train_and_test(tmp_path):
    """As `usps.h5` has it."""
    with h5py.File(tmp_path / "usps.h5", "w") as file:
        for part, step in (("train", 1), ("test", 2)):
            file[f"{part}/data"] = IMAGES.reshape(12, 64) / np.float32(255 * step)
            file[f"{part}/target"] = LABELS
    assert len(check(tmp_path / "usps.h5")[1]) == 12


@pytest.mark.parametrize("written", ["levels", "ones", "fractions"])
@pytest.mark.parametrize("names", ["Data labels", "X y"])
def test_cells_of_images_of_several_sizes(tmp_path, written, names):
    """HODA's digits, cropped to their ink."""
    sizes = [(6 + k % 4, 5 + k % 3) for k in range(12)]
    images = [np.pad(np.full(size, 200, np.uint8), 1) for size in sizes]
    factor = {"levels": 1, "ones": 200, "fractions": 255.0}[written]
    stored = [image // factor if written == "ones" else image / factor for image in images]
    called = names.split()
    scipy.io.savemat(
        tmp_path / "Data_hoda_full.mat",
        {called[0]: cell_array(stored).T, called[1]: LABELS[:, None].astype(np.uint8)},
    )
    with pytest.raises(gp.UsageError, match="Bring them to one size with `image_size=28`"):
        gp.load(tmp_path / "Data_hoda_full.mat")
    train, _ = gp.load(tmp_path / "Data_hoda_full.mat", image_size=28)
    assert train.labels.tolist() == LABELS.tolist()
    highest = 255 if written == "ones" else 200
    assert abs(int(np.median(train.images[:, 10:18, 10:18])) - highest) < 3
    assert gp.load(tmp_path / "Data_hoda_full.mat", photographs="scans")[0].labels is not None


def test_cells_of_two_parts_and_further_ones(tmp_path, capsys):
    images = [np.pad(np.full((6 + k % 4, 6), 200, np.uint8), 1) for k in range(12)]
    arrays = {"X_train": images, "X_test": images[::-1], "X_extra": images}
    arrays = {name: cell_array(array) for name, array in arrays.items()}
    arrays |= {"y_train": LABELS, "y_test": (LABELS + 1) % 3, "y_extra": LABELS[::-1]}
    for order in (arrays, dict(reversed(arrays.items()))):
        scipy.io.savemat(tmp_path / "a.mat", order)
        train, test = gp.load(tmp_path / "a.mat", image_size=8, allow_overlap=True)
        assert train.labels.tolist() == LABELS.tolist()
        assert test.labels.tolist() == ((LABELS + 1) % 3).tolist()
        assert "the cells X_extra are not read" in capsys.readouterr().err
    scipy.io.savemat(tmp_path / "a.mat", dict.fromkeys(("one", "other"), arrays["X_extra"]))
    with pytest.raises(gp.UsageError, match="the cells one and other, which seem to be the same"):
        gp.load(tmp_path / "a.mat", image_size=8)
    two = {"digits": arrays["X_extra"], "letters": arrays["X_test"]}
    labels = {f"{name}_labels": LABELS for name in two}
    for given, said in (
        (two, "nothing says of which part each is"),
        (two | labels, r"2 sets: .* in MATLAB: save\('digits.mat', 'digits', 'digits_labels'\)"),
    ):
        scipy.io.savemat(tmp_path / "a.mat", given)
        with pytest.raises(gp.UsageError, match=said):
            gp.load(tmp_path / "a.mat", image_size=8)


@pytest.mark.parametrize("labels", [["a", "b", "c"], [7.0, 8.0, 9.0]])
@pytest.mark.parametrize("rows", [False, True])
def test_a_structure_for_each_class(tmp_path, labels, rows):
    content = np.zeros((1, 3), [("images", "O"), ("label", "O")])
    for k, count in enumerate(COUNTS):
        images = SORTED[k][:count]
        content[0, k] = (images.reshape(count, 64) if rows else images, labels[k])
    scipy.io.savemat(tmp_path / "a.mat", {"data": content})
    train, _ = gp.load(tmp_path / "a.mat")
    names = ("a", "b", "c") if labels[0] == "a" else ("7", "8", "9")
    assert train.class_names == names and train.class_counts().tolist() == COUNTS
    expected = np.concatenate([one[:count] for one, count in zip(SORTED, COUNTS, strict=True)])
    assert np.array_equal(train.images[..., 0], expected)


INK = np.random.default_rng(0).integers(0, 256, (9, 12, 8), dtype=np.uint8)
NUMBERS, NAMES = np.arange(9) % 3, ["c", "b", "a"]


def _write_named_in(place):
    def write(file):
        file["x"], file["y"] = INK, NUMBERS
        (file if place is None else file[place]).attrs["class_names"] = NAMES

    return write


def _write_enum(file):
    kind = h5py.enum_dtype(dict(zip(NAMES, range(3), strict=True)), basetype="i4")
    file["images"] = INK
    file.create_dataset("labels", data=NUMBERS, dtype=kind)


def _write_rows(file):
    rows = np.zeros(9, [("image", "u1", INK.shape[1:]), ("label", "S1")])
    rows["image"], rows["label"] = INK, np.array(NAMES, "S1")[NUMBERS]
    file["data"] = rows


def _write_pictures(file):
    rows = file.create_dataset("images", (9,), h5py.vlen_dtype(np.uint8))
    for k, image in enumerate(INK):
        rows[k] = np.frombuffer(encode_png(image[..., None]), np.uint8)
    file["labels"] = np.array(NAMES, "S1")[NUMBERS]


def _write_each(file):
    for k, image in enumerate(INK):
        file[f"{k + 2}"] = image  # of which HDF5 lists 10 first
        file[f"{k + 2}"].attrs["label"] = NAMES[NUMBERS[k]]


HDF5 = {
    "names in an attribute of the labels": _write_named_in("y"),
    "names in an attribute of the file": _write_named_in(None),
    "names in the type": _write_enum,
    "images and labels in rows": _write_rows,
    "picture files": _write_pictures,
    "labels as attributes": _write_each,
}


@pytest.mark.parametrize("layout", HDF5)
def test_hdf5_files_keep_names_and_labels_in_many_ways(layout, tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        HDF5[layout](file)
    train, _ = gp.load(tmp_path / "a.h5", invert="no")
    assert np.array_equal(train.images[..., 0], INK)
    found = [train.class_names[label] for label in train.labels]
    assert found == [NAMES[number] for number in NUMBERS]


def test_what_hdf5_files_hold_beside_images_is_no_label(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["images"], file["labels"] = INK, NUMBERS
        file["images"].attrs["label"] = "pixels"
        file["labels"].attrs["classes"] = 3
        file["strokes"] = np.zeros(9, [("x", "f4"), ("y", "f4")])
    train, _ = gp.load(tmp_path / "a.h5", invert="no")
    assert np.array_equal(train.images[..., 0], INK) and train.class_names == ("0", "1", "2")


def test_rows_that_are_no_pictures_and_long_lists_are_refused_in_a_sentence(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        rows = file.create_dataset("images", (3,), h5py.vlen_dtype(np.uint8))
        for k in range(3):
            rows[k] = np.arange(k + 5)
    with pytest.raises(gp.UsageError, match="rows of numbers of several lengths"):
        gp.load(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        for k in range(80):
            file[f"thing{k}"] = np.arange(k)
    with pytest.raises(gp.GanprofileError, match=r"Received: .* and 71 more\. Call"):
        gp.load(tmp_path / "b.h5")


UNEVEN = [np.pad(np.full((6 + k % 4, 5 + k % 3), 200, np.uint8), 1) for k in range(12)]
ONE_HOT = np.eye(3)[LABELS]


def cells_loaded(path, arrays):
    """Both parts of a file of cells of `UNEVEN` images and of arrays, name -> array or None."""
    stored = {name: cell_array(UNEVEN) if a is None else a for name, a in arrays.items()}
    scipy.io.savemat(path / "a.mat", stored)
    return gp.load(path / "a.mat", image_size=8, allow_overlap=True)


def test_a_part_of_cells_has_no_labels_of_the_other(tmp_path, capsys):
    parts = {"train_images": None, "test_images": None}
    train, test = cells_loaded(tmp_path, parts | {"train_labels": LABELS})
    assert train.labels.tolist() == LABELS.tolist() and test is None
    assert "the test part has no labels and is left out" in capsys.readouterr().err
    train, _ = cells_loaded(tmp_path, parts | {"test_labels": LABELS})
    said = capsys.readouterr().err
    assert train.labels is None
    assert "the arrays test_labels are not read" in said and "a.mat has no labels" in said
    with pytest.raises(gp.GanprofileError, match="has no training images. Received: test"):
        cells_loaded(tmp_path, {"test_images": None, "test_labels": LABELS})


def test_rows_of_picture_files_have_no_labels_of_the_other_part(tmp_path, capsys):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for part in ("train", "test"):
            rows = file.create_dataset(f"{part}_images", 12, h5py.vlen_dtype(np.uint8))
            for k, image in enumerate(UNEVEN):
                rows[k] = np.frombuffer(encode_png(image[..., None]), np.uint8)
        file["train_labels"] = LABELS
    train, test = gp.load(tmp_path / "a.h5", image_size=8)
    assert train.labels.tolist() == LABELS.tolist() and test is None
    assert "the test part has no labels and is left out" in capsys.readouterr().err


def test_of_arrays_beside_cells_only_one_is_taken_for_labels_by_its_length(tmp_path, capsys):
    train, _ = cells_loaded(tmp_path, {"images": None, "kind": LABELS, "writers": LABELS + 5})
    assert train.labels.tolist() == LABELS.tolist() and train.writers.tolist()[:2] == [5, 6]
    assert "kind was taken for the labels by its length" in capsys.readouterr().err
    train, _ = cells_loaded(tmp_path, {"images": None, "age": np.arange(12), "kind": LABELS})
    assert train.labels is None and "arrays age, kind are not read" in capsys.readouterr().err
    train, _ = cells_loaded(tmp_path, {"images": None, "writers": LABELS})
    assert train.labels is None and train.writers.tolist() == LABELS.tolist()
    with pytest.raises(gp.UsageError, match="labels should hold a value for each of 12 images"):
        cells_loaded(tmp_path, {"images": None, "labels": LABELS[:9], "age": np.arange(12)})
    with pytest.raises(gp.GanprofileError, match="labels and target, which seem to be the same"):
        cells_loaded(tmp_path, {"images": None, "labels": LABELS, "target": LABELS})


@pytest.mark.parametrize("stored", [ONE_HOT, ONE_HOT.T], ids=["rows", "columns"])
def test_cells_may_have_one_hot_labels(tmp_path, stored):
    train, _ = cells_loaded(tmp_path, {"images": None, "labels": stored, "classes": 3})
    assert train.labels.tolist() == LABELS.tolist() and train.class_names == ("0", "1", "2")


def sparse_group(file, name, matrix):
    """A sparse matrix as MATLAB 7.3 writes it."""
    group = file.create_group(name)
    group.attrs["MATLAB_sparse"] = np.uint64(matrix.shape[0])
    group.attrs["MATLAB_class"] = np.bytes_("double")
    content = {"data": matrix.data, "ir": matrix.indices, "jc": matrix.indptr}
    for key, values in content.items():
        group[key] = values if key == "data" else values.astype(np.uint64)


@pytest.mark.parametrize("version", ["5", "5, in a structure", "7.3"])
@pytest.mark.parametrize("name", ["labels", "images"])
def test_sparse_matrices_are_read_as_others(tmp_path, version, name):
    stored = {"images": IMAGES.reshape(12, 64).astype(float), "labels": LABELS}
    matrix = scipy.sparse.csc_matrix(ONE_HOT if name == "labels" else stored[name])
    if version == "7.3":
        with h5py.File(tmp_path / "a.mat", "w") as file:
            sparse_group(file, name, matrix)
            for other in stored.keys() - {name}:
                file[other] = stored[other].T
    else:
        content = {**stored, name: matrix}
        scipy.io.savemat(tmp_path / "a.mat", content if version == "5" else {"data": content})
    check(tmp_path / "a.mat")


def test_sparse_matrices_that_are_too_large_are_refused_in_a_sentence(tmp_path):
    matrix = scipy.sparse.csc_matrix((2**20, 2**20))
    with h5py.File(tmp_path / "new.mat", "w") as file:
        sparse_group(file, "X", matrix)
    scipy.io.savemat(tmp_path / "old.mat", {"X": matrix})
    for name in ("new.mat", "old.mat"):
        with pytest.raises(gp.GanprofileError, match="a sparse matrix of more than"):
            gp.load(tmp_path / name)


@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.parametrize("images", [IMAGES, np.moveaxis(IMAGES, 0, -1), None])
def test_labels_may_be_the_letters_of_one_text(tmp_path, is_new, images):
    text = "".join("aকc"[label] for label in LABELS)
    letters = np.frombuffer(text.encode("utf-16-le"), "<u2")
    for stored in (letters[:, None], letters[None]):  # a row, and a column
        if not is_new:
            images = cell_array(UNEVEN) if images is None else images
            labels = text if stored.shape[1] == 1 else np.array(list(text))[:, None]
            scipy.io.savemat(tmp_path / "a.mat", {"X": images, "labels": labels})
        else:
            with h5py.File(tmp_path / "a.mat", "w") as file:
                file["X"] = (IMAGES if images is None else images).T
                file["labels"] = stored
                file["labels"].attrs["MATLAB_class"] = np.bytes_("char")
        train, _ = gp.load(tmp_path / "a.mat", image_size=8)
        assert train.labels.tolist() == [[0, 2, 1][label] for label in LABELS]
        assert train.class_names == ("a", "c", "ক")


BY_CLASS = [images[:count] for images, count in zip(SORTED, COUNTS, strict=True)]


def stored_by_class(folder, kind, arrays):
    """The path of arrays written as files of a kind."""
    path = folder if kind == "npy" else folder / f"a.{kind}"
    if kind == "npz":
        np.savez(path, **arrays)
    elif kind == "mat":
        lists = {name: np.array(a, object) for name, a in arrays.items() if isinstance(a, list)}
        scipy.io.savemat(path, arrays | lists)
    elif kind == "h5":
        with h5py.File(path, "w") as file:
            file.update(arrays)
    else:
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
    return path


@pytest.mark.parametrize("beside", ["labels", "class_names"])
@pytest.mark.parametrize(
    ("called", "names"),
    [("{}", ["zulu", "alpha", "mike"]), ("digit{}", [1, 2, 0]), ("train{}", [1, 2, 0])],
)
@pytest.mark.parametrize("kind", ["npz", "npy", "mat", "h5"])
def test_an_array_called_by_its_class_is_of_it_whatever_stands_beside_it(
    tmp_path, kind, called, names, beside
):
    arrays = {called.format(name): one for name, one in zip(names, BY_CLASS, strict=True)}
    train, _ = gp.load(stored_by_class(tmp_path, kind, arrays | {beside: names}))
    for name, images in zip(names, BY_CLASS, strict=True):
        own = train.images[train.labels == train.class_names.index(str(name)), ..., 0]
        assert np.array_equal(own, images)


@pytest.mark.parametrize("beside", ["labels", "class_names"])
def test_names_beside_arrays_of_a_class_each_are_utf_8(tmp_path, beside):
    arrays = dict(zip(("digit0", "digit1", "digit2"), BY_CLASS, strict=True))
    names = np.array([b"\xe9", b"b", b"c"])
    with pytest.raises(gp.GanprofileError, match="class names that are not UTF-8"):
        gp.load(stored_by_class(tmp_path, "npz", arrays | {beside: names}))


@pytest.mark.parametrize("kind", ["npy", "h5"])
def test_labels_in_another_order_than_the_arrays_they_name_are_said(tmp_path, kind, capsys):
    arrays = dict(zip(("digit1", "digit2", "digit0"), BY_CLASS, strict=True))
    gp.load(stored_by_class(tmp_path, kind, arrays | {"labels": [1, 2, 0]}))
    said = capsys.readouterr().err
    assert "labels is not read: each array is called by its label" in said


@pytest.mark.parametrize("called", ["train{}", "digit{}"])
def test_sorted_labels_beside_arrays_of_another_order_are_those_they_are_called_by(
    tmp_path, called
):
    arrays = dict(zip(map(called.format, (1, 2, 0)), BY_CLASS, strict=True))
    np.savez(tmp_path / "a.npz", **arrays, labels=np.arange(3))
    assert gp.load(tmp_path / "a.npz")[0].class_counts().tolist() == [2, 4, 3]


@pytest.mark.parametrize("called", ["arr_{}", "data{}", "train_data{}"])
def test_labels_of_arrays_called_by_their_places_are_those_of_the_places(tmp_path, called):
    arrays = {called.format(place): one for place, one in enumerate(BY_CLASS)}
    np.savez(tmp_path / "a.npz", **arrays, labels=[1, 2, 0])
    assert gp.load(tmp_path / "a.npz")[0].class_counts().tolist() == [2, 4, 3]


@pytest.mark.parametrize("beside", ["labels", "class_names"])
def test_names_that_may_be_in_either_of_two_orders_are_refused(tmp_path, beside):
    arrays = dict(zip(("digit1", "digit2", "digit0"), BY_CLASS, strict=True))
    np.savez(tmp_path / "a.npz", **arrays, **{beside: ["one", "two", "zero"]})
    with pytest.raises(gp.UsageError, match=f"order 1, 2, 0, .*so that {beside} may name them in"):
        gp.load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "labels", [{"labels": [3.0, 1, 2]}, {"y_train": [3, 1, 2], "y_test": [1, 3, 2]}]
)
def test_labels_name_the_cells_of_each_part(tmp_path, labels):
    others = RANDOM.permuted(IMAGES, axis=0)
    test = [others[:1], others[1:3], others[3:8]]
    content = {"train": cell_array(BY_CLASS), "test": cell_array(test)}
    scipy.io.savemat(tmp_path / "a.mat", content | labels)
    train, test = gp.load(tmp_path / "a.mat")
    assert train.class_names == ("1", "2", "3") and train.class_counts().tolist() == [3, 2, 4]
    assert test.class_counts().tolist() == ([2, 5, 1] if "labels" in labels else [1, 5, 2])


def test_numbers_of_matlab_that_name_classes_are_whole(tmp_path):
    content = {"data": cell_array(BY_CLASS), "classes": np.array([7.0, 8.0, 9.0])}
    scipy.io.savemat(tmp_path / "a.mat", content)
    assert gp.load(tmp_path / "a.mat")[0].class_names == ("7", "8", "9")


@pytest.mark.parametrize("version", ["5", "7.3"])
@pytest.mark.parametrize(
    ("names", "expected"),
    [(["a  ", "abc", " b "], ("a", "abc", " b")), (["  ", "ab", "c "], (" ", "ab", "c"))],
)
def test_names_in_a_matrix_of_characters_lose_the_blanks_that_fill_it(
    tmp_path, version, names, expected
):
    if version == "5":
        content = {"images": IMAGES, "labels": LABELS, "class_names": np.array(names)}
        scipy.io.savemat(tmp_path / "a.mat", content)
    else:
        with h5py.File(tmp_path / "a.mat", "w") as file:
            file["images"], file["labels"] = IMAGES.T, LABELS[None] + 0.0
            file["class_names"] = np.array([[ord(one) for one in name] for name in names], "u2").T
            file["class_names"].attrs["MATLAB_class"] = np.bytes_("char")
    check(tmp_path / "a.mat", names=expected)
