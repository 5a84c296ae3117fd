"""The command that `augment` names next reads the images as it did."""

from ganprofile.cli.next_steps import benchmark_of


def test_what_was_said_of_the_images_is_said_again():
    words = ["--arms", "none,classic,augment", "--output", "result"]
    assert benchmark_of("scans/") == ["benchmark", "scans/", "--test", "HELD-OUT", *words]
    loading = {"image_size": 32, "transpose": True, "writer_columns": ("id", "age")}
    how = ["--image-size", 32, "--transpose", "--writer-columns", "id,age"]
    told = benchmark_of("scans/", loading)
    assert told == ["benchmark", "scans/", "--test", "HELD-OUT", *how, *words]
