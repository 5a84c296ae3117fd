"""Whether classes are called as digits are."""

import re

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def are_digits(class_names):
    """Whether names are those of the digits 0 to 9, in this order: `"0"`, `"digit_0"`, `"zero"`."""
    return _digits_of(class_names) == [*range(10)]


def may_be_latin_digits(class_names):
    """Whether names are those of some of the digits 0 to 9, in any order, as `are_digits` knows
    them; or `1` to `10`, as 10 may stand for zero. Digits of other scripts are not."""
    from_one = {*class_names} == {*map(str, range(1, 11))}
    is_latin = all(name.isascii() for name in class_names)
    return from_one or (is_latin and _digits_of(class_names) is not None)


def _digits_of(class_names):
    """Which of the digits each name is, or None where they are names of something else, too."""
    names = [name.strip().lower() for name in class_names]
    if {*names} <= {*DIGITS}:
        return [*map(DIGITS.index, names)]
    found = [re.fullmatch(r"([^0-9]*?)(\d)", name) for name in names]
    if not all(found):
        return None
    spelled = "|".join(DIGITS)  # of `zero_0`
    before = {re.sub(rf"{spelled}|[\W_]", "", one[1]) for one in found}
    return [int(one[2]) for one in found] if len(before) == 1 else None
