"""One copy of everything large: loaded once though many ask at the same time, and put away when room is short."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(eq=False)
class Place(Generic[Thing]):
    """Where one thing lies: its bytes once it is there, and how many are at work with it."""

    thing: Future[Thing]
    size: int = 0
    users: int = 0


class Shelf(Generic[Thing]):
    """Things by name, up to so many bytes; beyond that, those that were not used for the longest time go.

    What somebody works with stays, so a thing larger than the shelf is there as long as it is lent.

    >>> shelf = Shelf[str](room=8, size=len)
    >>> for name in ("four", "five", "four", "six!"):
    ...     _ = shelf.get(name, lambda: name)
    >>> shelf.names(), shelf.bytes()
    (('four', 'six!'), 8)
    """

    def __init__(self, *, room: int, size: Callable[[Thing], int]) -> None:
        self.room, self._size = room, size
        self._places: OrderedDict[Hashable, Place[Thing]] = OrderedDict()  # the one used last stands last
        self._lock = Lock()

    def get(self, name: Hashable, load: Callable[[], Thing]) -> Thing:
        """The thing of this name, loaded if it is not here."""
        with self.lent(name, load) as thing:
            return thing

    @contextmanager
    def lent(self, name: Hashable, load: Callable[[], Thing]) -> Iterator[Thing]:
        """The thing of this name, which stays here meanwhile.

        Whoever asks first loads it, the others wait. If that fails, all of them learn why, and the next one tries anew;
        if it is interrupted, one of those who wait goes on with it.
        """
        place = self._fetched(name, load)
        try:
            yield place.thing.result()
        finally:
            self._put_back(place)

    def names(self) -> tuple[Hashable, ...]:
        """What is here, the one used last at the end."""
        with self._lock:
            return tuple(self._places)

    def bytes(self) -> int:
        """How much of the room is taken."""
        with self._lock:
            return self._taken()

    def _fetched(self, name: Hashable, load: Callable[[], Thing]) -> Place[Thing]:
        while True:
            place, first = self._found(name)
            try:
                if first:
                    self._load(name, place, load)
                place.thing.result()
                return place
            except BaseException as error:
                self._put_back(place)
                if not (isinstance(error, CancelledError) and place.thing.cancelled()):
                    raise

    def _found(self, name: Hashable) -> tuple[Place[Thing], bool]:
        """Its place, and whether nobody has begun to load it."""
        with self._lock:
            if first := name not in self._places:
                self._places[name] = Place(Future[Thing]())
            place = self._places[name]
            self._places.move_to_end(name)
            place.users += 1
            return place, first

    def _put_back(self, place: Place[Thing]) -> None:
        with self._lock:
            place.users -= 1
            self._make_room()

    def _load(self, name: Hashable, place: Place[Thing], load: Callable[[], Thing]) -> None:
        try:
            thing = load()
            size = self._size(thing)
        except BaseException as error:
            with self._lock:
                del self._places[name]
            if isinstance(error, Exception):
                place.thing.set_exception(error)
            else:
                place.thing.cancel()
            raise
        with self._lock:
            place.size = size
        place.thing.set_result(thing)

    def _taken(self) -> int:
        return sum(place.size for place in self._places.values())

    def _make_room(self) -> None:
        idle = [name for name, place in self._places.items() if not place.users]
        newest = next(reversed(self._places), None)
        for name in idle:
            if self._taken() <= self.room:
                return
            if name != newest or self._places[name].size > self.room:
                del self._places[name]
