"""Is everybody in a group alike? Then whoever knows that somebody is in it, knows the rest."""

from __future__ import annotations

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.release.policy import DisclosurePolicy


def refuse_all_alike(people: CountedPeople, policy: DisclosurePolicy) -> None:
    """Stop where all the persons of a group ended in the same way, and the group is large enough to be shown.

    With one ending there is nothing to be alike in: that is a table of sizes.
    Raises: ``DisclosureRefused`` naming the groups.
    """
    if len(people.endings) < 2 or policy.hundreds_shown:
        return
    sizes = {group: float(people.events(group, people.endings[0])[1]) for group in people.groups}
    alike = [
        group
        for group, size in sizes.items()
        if size >= policy.threshold and any(float(people.events(group, one)[0]) == size for one in people.endings)
    ]
    if alike:
        raise DisclosureRefused("group_all_alike", count=len(alike), total=len(sizes), groups=alike)
