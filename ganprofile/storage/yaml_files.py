"""YAML, as people write it: read without running anything, and written."""

import functools
import json
import re
from pathlib import Path

from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.storage.files import as_json, printable
from ganprofile.storage.names import by_key, did_you_mean

SUFFIXES = (".yaml", ".yml")
NULL = "tag:yaml.org,2002:null"
BARE_NULLS = re.compile(r"(?:null|Null|NULL|~|)\Z")  # in quotes they are texts


def is_yaml(path):
    """Whether a path is called like a YAML file."""
    return Path(path).suffix.lower() in SUFFIXES


def read_yaml(path):
    """The dict in a YAML or JSON file.

    Raises:
        GanprofileError: the file is missing, unreadable or holds something else.
        UsageError: a name is there twice in one dict, of which YAML and JSON would take the last.
    """
    import yaml

    return _read(path, yaml.SafeLoader)


def read_spelled(path):
    """As `read_yaml`, with every value as it is spelled: text, or lists or dicts of text; null is
    None.

    In YAML a bare `no` is false, `07` is 7 and `1e-3` is text; who knows what a value should be
    reads it better.
    """
    import yaml

    class Spelled(yaml.BaseLoader):
        pass

    Spelled.add_implicit_resolver(NULL, BARE_NULLS, [*"nN~", ""])
    Spelled.add_constructor(NULL, lambda loader, node: None)
    content = _read(path, Spelled, parse_int=str, parse_float=str, parse_constant=str)
    return _with_words(content)


def as_yaml(content):
    """A dict of JSON values as YAML, in its order."""
    import yaml

    # By way of JSON: a tuple is a list in both.
    plain = json.loads(as_json(content))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def _with_words(content):
    """JSON's true and false as they are spelled."""
    if isinstance(content, dict):
        return {name: _with_words(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_with_words(value) for value in content]
    return json.dumps(content) if isinstance(content, bool) else content


def _each_once(loader, named):
    """A loader of YAML that refuses a name that is there twice; `named` makes dicts of pairs."""
    from yaml import ScalarNode

    class Loader(loader):
        def construct_mapping(self, node, deep=False):
            scalars = ((k, v) for k, v in node.value if isinstance(k, ScalarNode))
            named((k.value, v.value if isinstance(v, ScalarNode) else v.id) for k, v in scalars)
            return super().construct_mapping(node, deep)

    return Loader


def _read(path, loader, **parsers):
    """The dict in a file: YAML as the loader reads it, JSON with these parsers of numbers."""
    import yaml

    path = Path(path)
    named = functools.partial(by_key, what=f"{printable(path)}: the name")
    is_json = path.suffix.lower() == ".json"
    try:
        text = path.read_text(encoding="utf-8")
        if is_json:
            content = json.loads(text, object_pairs_hook=named, **parsers)
        else:
            content = yaml.load(text, _each_once(loader, named))
    except UsageError:  # which is a ValueError, too
        raise
    except FileNotFoundError:
        meant = did_you_mean(path, paths=Path.is_file)
        raise GanprofileError(f"{printable(path)} does not exist.{meant}") from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        kind = "JSON" if is_json else "YAML"
        raise GanprofileError(
            f"{printable(path)} is not readable {kind} ({_place(error) or first_line(error)})."
        ) from error
    if not isinstance(content, dict):
        raise GanprofileError(
            f"{printable(path)} should hold names and values, such as `epochs: 100`. "
            f"Received: {content!r:.40}."
        )
    return content


def _place(error):
    """What is wrong with a YAML file, and in which line."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    return f"line {mark.line + 1}: {problem}" if mark and problem else None
