"""The Hub's own library, and its errors in words."""

import contextlib
import sys

from ganprofile.errors import GanprofileError, UsageError, first_line

LOG_IN = "Log in with: hf auth login"
TALKS = ("httpx", "httpx2", "httpcore", "requests", "urllib3")


def client():
    """An `HfApi` for the endpoint that `HF_ENDPOINT` names, else huggingface.co.

    Raises:
        UsageError: the package is missing.
    """
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise UsageError(
            f"What is on the Hub needs the package huggingface_hub ({error}). "
            "Install it with: pip install 'ganprofile[hub]'"
        ) from error
    return HfApi(library_name="ganprofile")


@contextlib.contextmanager
def bars_in_terminals():
    """Within it, the library draws its progress bars only where somebody sees them."""
    from huggingface_hub.utils import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    is_seen = sys.stderr is not None and sys.stderr.isatty()
    if is_seen or are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


def host(api):
    """Whom it talks to, as people say it."""
    return api.endpoint.partition("://")[2]


@contextlib.contextmanager
def in_words(api, name, what):
    """Within it, what goes wrong with the Hub is a sentence.

    Args:
        api: of `client`.
        name: a `HubName`.
        what: what is tried, in words: "could not be downloaded".
    """
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise GanprofileError(
            f"{name} is given only to whom its owner lets have it. Ask on its page on {host(api)}."
        ) from error
    except errors.RevisionNotFoundError as error:
        raise GanprofileError(
            f"{name} has no revision {name.revision!r} on {host(api)}."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise GanprofileError(
            f"{host(api)} knows no {name} that you may see. Check the name; private ones need that "
            f"you are logged in. {LOG_IN}"
        ) from error
    except (errors.HfHubHTTPError, errors.LocalTokenNotFoundError) as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        hint = f" {LOG_IN}" if status in (401, 403, None) else ""
        raise GanprofileError(
            f"{name} {what}: {host(api)} refuses it ({first_line(error)}).{hint}"
        ) from error
    except Exception as error:
        if not _is_of_the_network(error):
            raise
        raise GanprofileError(
            f"{name} {what}: {host(api)} cannot be reached ({first_line(error)})."
        ) from error


def _is_of_the_network(error):
    """Whether no answer came; what the library talks by has changed, and may again."""
    root = type(error).__module__.partition(".")[0]
    is_of_a_file = isinstance(error, OSError) and error.filename is not None
    return root in TALKS or (isinstance(error, OSError) and not is_of_a_file)
