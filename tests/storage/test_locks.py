import errno

import pytest

from ganprofile.errors import GanprofileError
from ganprofile.storage import locks


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP])
def test_where_a_disk_has_no_locks_nothing_is_held(tmp_path, monkeypatch, number):
    def flock(descriptor, how):
        raise OSError(number, "as file systems of networks say")

    monkeypatch.setattr(locks.fcntl, "flock", flock)
    with locks.held(tmp_path, "held"), locks.held(tmp_path, "held"):
        pass


def test_who_is_refused_a_working_folder_leaves_it_to_whom_it_belongs(tmp_path):
    with locks.working_folder(tmp_path / "set", "It is being made.") as room:
        for _ in range(2):
            refused = pytest.raises(GanprofileError, match="It is being made")
            with refused, locks.working_folder(tmp_path / "set", "It is being made."):
                raise AssertionError
            assert room.is_dir()
        (room / "part").write_text("done")
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_of_the_users_stays_where_nothing_comes_of_it(tmp_path):
    (tmp_path / "prepared").mkdir(mode=0o750)
    for name in ("prepared", "new/er"):
        with pytest.raises(OSError, match="full"), locks.held_folder(tmp_path / name, "held"):
            raise OSError("full")
    assert [place.name for place in tmp_path.iterdir()] == ["prepared"]
    assert (tmp_path / "prepared").stat().st_mode & 0o777 == 0o750


def test_what_was_replaced_is_removed_later_where_that_was_stopped(tmp_path):
    old = tmp_path / ".set.0123abcd.old"
    old.mkdir()
    with locks.working_folder(tmp_path / "set", "It is being made."):
        assert old.is_dir()
        (tmp_path / "set").mkdir()
    with locks.working_folder(tmp_path / "set", "It is being made."):
        assert not old.is_dir()


def test_a_name_with_brackets_is_no_pattern_of_others(tmp_path):
    others, own = (tmp_path / f".{name}.0123abcd.partial" for name in ("minea", "mine[abc]"))
    for left in (others, own):
        left.mkdir()
    with locks.working_folder(tmp_path / "mine[abc]", "It is being made."):
        assert others.is_dir() and not own.is_dir()
