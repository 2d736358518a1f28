"""How often somebody may be wrong: by person, and by the address they come from."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from classroom.port import Pin

FREE = 5  # wrong PINs before the first wait
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)

# A whole class sits behind one address: a hundred mistakes at once are normal there, and six a minute after that.
BURST, REFILL = 100, timedelta(seconds=10)
REMEMBERED = 10_000  # names or addresses; the one that was seen longest ago is forgotten first


def counted(pin: Pin, now: datetime) -> Pin:
    """A PIN after one more guess, which counts as wrong until it proves right.

    >>> from datetime import UTC
    >>> noon, pin, waits = datetime(2026, 3, 9, 12, tzinfo=UTC), Pin(""), []
    >>> for _ in range(11):
    ...     pin = counted(pin, noon)
    ...     waits.append(int((pin.until - noon).total_seconds()) if pin.until else 0)
    >>> waits
    [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]
    """
    failures = pin.failures + 1
    if failures < FREE:
        return replace(pin, failures=failures, until=None)
    return replace(pin, failures=failures, until=now + min(FIRST * 2 ** min(failures - FREE, 10), LONGEST))


def waits(pin: Pin, now: datetime) -> int:
    """Seconds before the next guess is heard; 0 if it is now."""
    return max(0, -int(-(pin.until - now).total_seconds() // 1)) if pin.until else 0


@dataclass
class Strangers:
    """The same count for names that nobody has, so that a wait does not tell which names are real."""

    _pins: "OrderedDict[str, Pin]" = field(default_factory=OrderedDict, repr=False)

    def pin(self, said: str) -> Pin:
        """How often this name was tried."""
        return self._pins.get(_name(said), Pin(""))

    def keep(self, said: str, pin: Pin) -> None:
        """Remember it, for as long as there is room."""
        self._pins[_name(said)] = pin
        self._pins.move_to_end(_name(said))
        if len(self._pins) > REMEMBERED:
            self._pins.popitem(last=False)


@dataclass
class Addresses:
    """Wrong tries by address: a bucket that holds a class's mistakes and empties slowly."""

    _full: "OrderedDict[str, tuple[float, datetime]]" = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def waits(self, address: str, now: datetime) -> int:
        """Seconds before another try from there is heard."""
        with self._lock:
            over = self._level(network(address), now) - (BURST - 1)
        return max(0, -int(-over * REFILL.total_seconds() // 1))

    def wrong(self, address: str, now: datetime) -> None:
        """Count one."""
        place = network(address)
        with self._lock:
            self._full[place] = self._level(place, now) + 1, now
            self._full.move_to_end(place)
            if len(self._full) > REMEMBERED:
                self._full.popitem(last=False)

    def _level(self, place: str, now: datetime) -> float:
        level, since = self._full.get(place, (0.0, now))
        return max(0.0, level - (now - since) / REFILL)


def network(address: str) -> str:
    """What one household or hall shares: the address itself, of IPv6 its first half.

    >>> network("10.0.0.7"), network("2001:db8:1:2:3:4:5:6"), network("::ffff:10.0.0.7"), network("testclient")
    ('10.0.0.7', '2001:db8:1:2::', '10.0.0.7', 'testclient')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)).network_address)


def _name(said: str) -> str:
    return " ".join(said.split()).casefold()[:200]
