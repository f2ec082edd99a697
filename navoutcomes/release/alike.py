"""Is everybody in a group alike? Then whoever knows that somebody is in it, knows the rest."""

from __future__ import annotations

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.release.policy import DisclosurePolicy

# What the rest is called where one ending is asked about: it says nothing but that the other did not come.
REST = ("other", "others", "rest", "the rest", "no", "none", "still", "annet", "anna", "andre", "øvrige", "resten",
        "nei", "ingen", "fortsatt", "framleis")  # fmt: skip
NOT = ("not ", "no ", "ikke ", "ikkje ", "uten ", "utan ", "without ")


def refuse_all_alike(people: CountedPeople, policy: DisclosurePolicy) -> None:
    """Stop where all the persons of a group had the same named ending, and the group is large enough to be shown.

    A named ending (a sanction, a job) that all had tells of each of them. That nobody had the one ending asked about is
    a zero, which is shown unless the policy hides zeros: what all of them share is then only the rest, called so
    (``REST``) or as the other ending with a "not" before it. With one ending there is nothing to be alike in: that is a
    table of sizes.
    Raises: ``DisclosureRefused`` naming the groups.
    """
    if len(people.endings) < 2 or policy.hundreds_shown:
        return
    sizes = {group: float(people.events(group, people.endings[0])[1]) for group in people.groups}
    told = [one for one in people.endings if not _is_rest(one, people.endings)]
    alike = [
        group
        for group, size in sizes.items()
        if size >= policy.threshold and any(float(people.events(group, one)[0]) == size for one in told)
    ]
    if alike:
        raise DisclosureRefused("group_all_alike", count=len(alike), total=len(sizes), groups=alike)


def _is_rest(ending: str, endings: tuple[str, ...]) -> bool:
    """Whether a word names the complement of the only other ending, and no ending of its own."""
    if len(endings) != 2:
        return False
    word, others = _plain(ending), [_plain(one) for one in endings if one != ending]
    return word in REST or any(word == f"{no}{other}" for no in NOT for other in others)


def _plain(word: str) -> str:
    return word.replace("_", " ").strip().casefold()
