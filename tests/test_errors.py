"""What is said of work that a signal stops: one sentence, of what the user called."""

import signal

import pytest

import ganprofile as gp
from ganprofile import cli
from ganprofile.augmentation import sets
from ganprofile.cli import signals
from ganprofile.errors import NOTHING_KEPT, Interrupted, kept_if_stopped, what_is_kept
from ganprofile.parallel import Sharing
from ganprofile.recognition import training
from ganprofile.sampling import sample

STOPS = [KeyboardInterrupt(), Interrupted(signal.SIGINT)]


def stop_within(*notes):
    if not notes:
        raise Interrupted(signal.SIGINT)
    with kept_if_stopped(lambda: notes[0]):
        stop_within(*notes[1:])


@pytest.mark.parametrize(
    ("notes", "said"), [(("outer", "inner"), "outer"), (("", "inner"), "inner"), (("", ""), None)]
)
def test_the_outermost_that_keeps_something_is_heard(notes, said):
    with pytest.raises(Interrupted) as stopped:
        stop_within(*notes)
    assert getattr(stopped.value, "__notes__", [None]) == [said]
    assert what_is_kept() == NOTHING_KEPT, "what has ended keeps nothing"


def test_a_process_that_is_ended_in_a_computation_says_what_is_kept(said):
    with kept_if_stopped(lambda: "Two parts are kept."):
        signals._say_last(signal.SIGTERM)
    (line,) = said()
    assert line.endswith("in the midst of a computation. Two parts are kept.")


def test_what_has_been_said_of_a_stop_is_not_contradicted(said, monkeypatch):
    """Frameworks may take longer to take themselves apart than a cluster waits."""
    with pytest.raises(Interrupted) as stopped:
        stop_within("Two parts are kept.")
    stops = [Interrupted(signal.SIGTERM), stopped.value]
    signals._say_last(signal.SIGTERM, stops)
    assert said()[0].endswith(
        "Stopped by signal 15 in the midst of a computation. Two parts are kept."
    )

    def stop():
        raise stopped.value

    monkeypatch.setattr(cli, "stop_on_signals", stop)
    with pytest.raises(SystemExit):
        cli._run()
    signals._say_last(signal.SIGTERM, stops)
    assert said()[1:] == ["Stopped by Ctrl-C. Two parts are kept."]


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(signals, "say", lines.append)
    monkeypatch.setattr(cli, "say", lines.append)
    return lambda: lines


@pytest.mark.parametrize(
    ("notes", "last"), [(["It is kept."], "It is kept."), ([], "the same command begins anew.")]
)
def test_the_command_line_ends_with_one_sentence(said, monkeypatch, notes, last):
    monkeypatch.setattr(cli, "stop_on_signals", lambda: stop_within(*notes))
    with pytest.raises(SystemExit) as end:
        cli._run()
    (line,) = said()
    assert end.value.code == 130 and line.startswith("Stopped by Ctrl-C. ")
    assert line.endswith(last)


class Stopped:
    """A job that is stopped, with something finished or without."""

    sharing = Sharing()

    def __init__(self, stop, finished):
        self.stop, self.finished = stop, finished

    def description(self):
        return {}

    def write(self, folder, format, room):
        if self.finished:
            (room / "finished").touch()
        raise self.stop


def make(job, output):
    options = {"parent": "sets", "format": "npz", "force": False, "dry_run": False}
    return sets.make_set(job, "set", output, **options)


@pytest.mark.parametrize("stop", STOPS, ids=["KeyboardInterrupt", "Interrupted"])
@pytest.mark.parametrize("finished", [True, False])
def test_a_set_says_what_is_kept_of_it(tmp_path, stop, finished):
    stop.__notes__ = []
    with pytest.raises(type(stop)) as stopped:
        make(Stopped(stop, finished), tmp_path / "set")
    room = tmp_path / ".set.unfinished"
    kept = f"What was finished is kept in {room}; the same command goes on from there."
    assert stopped.value.__notes__ == [kept] * finished
    assert room.exists() == finished


def test_a_reader_says_what_is_kept_of_it(tmp_path, tiny, monkeypatch):
    class Model:
        def trained(self, task):
            (task.room / "finished").touch()
            raise Interrupted(signal.SIGINT)

    monkeypatch.setitem(training.MODELS, "svm", Model())
    with pytest.raises(Interrupted) as stopped:
        gp.train_reader(tiny, "svm", output=tmp_path / "reader", progress=False)
    (note,) = stopped.value.__notes__
    assert note.startswith(f"What was finished is kept in {tmp_path / '.reader.unfinished'};")


@pytest.mark.parametrize(("force", "again"), [(False, " with `force=True`"), (True, "")])
def test_pictures_say_how_many_there_are(short_run, tmp_path, monkeypatch, force, again):
    save, seen = sample.save_png, []

    def stop_at_the_third(path, picture):
        seen.append(path)
        if len(seen) == 3:
            raise Interrupted(signal.SIGINT)
        save(path, picture)

    monkeypatch.setattr(sample, "save_png", stop_at_the_third)
    with pytest.raises(Interrupted) as stopped:
        gp.sample(short_run, tmp_path, count=9, force=force)
    assert len(list(tmp_path.iterdir())) == 2
    assert stopped.value.__notes__ == [
        f"2 of 9 pictures are in {tmp_path}. The same command{again} makes them all."
    ]
