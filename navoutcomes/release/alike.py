"""Is everybody in a group alike? Then whoever knows that somebody is in it, knows the rest."""

from __future__ import annotations

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.release.policy import DisclosurePolicy


def refuse_all_alike(people: CountedPeople, policy: DisclosurePolicy) -> None:
    """Stop where all the persons of a group ended in the same way, however many they are.

    Raises: ``DisclosureRefused`` naming the groups, but those too small to be named.
    """
    sizes = {
        group: sum(float(people.events(group, cause)[1]) for cause in people.endings[:1]) for group in people.groups
    }
    alike = [
        group
        for group, size in sizes.items()
        if size > 0 and any(float(people.events(group, cause)[0]) == size for cause in people.endings)
    ]
    if alike:
        shown = [group for group in alike if not policy.small(sizes[group])]
        raise DisclosureRefused("group_all_alike", count=len(alike), total=len(sizes), groups=shown or ["–"])
