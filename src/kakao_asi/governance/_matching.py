"""Give different people to slots: the question behind every quorum, asked of one body or of a whole route."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

__all__ = ["Assignment"]


class Assignment:
    """Which person fills which slot, each person at most one; lives as long as the question.

    The largest possible number of slots is filled: one augmenting path is searched for each slot. Searches keep their
    own queue, so that a route of a thousand bodies does not exhaust the interpreter's stack.
    """

    __slots__ = ("people", "slot_of", "slots")

    def __init__(self, slots: Sequence[Sequence[str]]) -> None:
        """Assign people to slots; each slot lists the ids of those who can fill it, in order of preference."""
        self.slots = slots
        self.people: list[str | None] = [None] * len(slots)
        self.slot_of: dict[str, int] = {}
        for slot in range(len(slots)):
            self._fill(slot, barred=None)

    @property
    def empty(self) -> tuple[int, ...]:
        """Positions of the slots that nobody is left for, ascending."""
        return tuple(slot for slot, person in enumerate(self.people) if person is None)

    def survives(self, person: str) -> bool:
        """Tell whether as many slots can be filled without a person who fills one; nothing is changed for good."""
        slot = self.slot_of[person]
        people, slot_of = self.people, self.slot_of
        self.people, self.slot_of = list(people), dict(slot_of)
        self.people[slot] = None
        del self.slot_of[person]
        found = self._fill(slot, barred=person)
        self.people, self.slot_of = people, slot_of
        return found

    def _fill(self, start: int, *, barred: str | None) -> bool:
        reached_from: dict[str, int] = {}
        queue = deque([start])
        while queue:
            slot = queue.popleft()
            for person in self.slots[slot]:
                if person in reached_from or person == barred:
                    continue
                reached_from[person] = slot
                if person not in self.slot_of:
                    self._move(person, reached_from)
                    return True
                queue.append(self.slot_of[person])
        return False

    def _move(self, newcomer: str, reached_from: dict[str, int]) -> None:
        """Let each person take the slot they were reached from; the last one moved there was empty."""
        person: str | None = newcomer
        while person is not None:
            slot = reached_from[person]
            self.slot_of[person] = slot
            self.people[slot], person = person, self.people[slot]
