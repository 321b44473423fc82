"""Ids are UUIDv7: they sort by time, so primary keys prune partitions and keyset pages need no other column.

This file must not read a clock except in `new_id`, the one place where an id is made from now.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from struct import Struct
from uuid import UUID

from uuid_utils.compat import uuid7

LANES = 64
_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_B = (1 << 62) - 1


def make_ids_with(make: Callable[[bytes], UUID], /) -> None:
    """Ids are made by that constructor from now on: the database driver has one in C, which hashes,
    compares and travels several times faster than the standard library's."""
    global _of_bytes  # set once, when the driver is loaded
    _of_bytes = make


def _plain(value: bytes) -> UUID:
    return UUID(bytes=value)


_of_bytes: Callable[[bytes], UUID] = _plain


def _uuid(value: int) -> UUID:
    return _of_bytes(value.to_bytes(16, "big"))


def new_id() -> UUID:
    """A fresh UUIDv7 of now."""
    return uuid7()


def id_at(milliseconds: int, /, tail: int) -> UUID:
    """The UUIDv7 of an instant with a chosen tail of 74 bits; equal arguments give the equal id."""
    return _uuid((milliseconds << 80) | _VERSION_7 | ((tail >> 62 & 0xFFF) << 64) | _VARIANT | (tail & _RANDOM_B))


def milliseconds_of(identity: UUID, /) -> int:
    """When an id was made, in milliseconds since 1970."""
    return identity.int >> 80


def execution_id(event_id: UUID, workflow_id: UUID, /) -> UUID:
    """The id of the one execution that an event may start of a workflow.

    It is the event's time plus a hash of both, so the primary key of executions proves
    that one event starts one execution, whichever process decides and however often.
    """
    digest = blake2b(event_id.bytes + workflow_id.bytes, digest_size=10).digest()
    return id_at(milliseconds_of(event_id), int.from_bytes(digest, "big"))


def derived_id(at: UUID, /, *parts: str) -> UUID:
    """An id fixed by another id and words, with the other id's time: the same parts give the same id."""
    digest = blake2b(at.bytes + "\x1f".join(parts).encode(), digest_size=10).digest()
    return id_at(milliseconds_of(at), int.from_bytes(digest, "big"))


def id_sequence(milliseconds: int, seed: int) -> Iterator[UUID]:
    """Ascending ids of one instant: a counter in the high bits of the tail, the seed in the low ones.

    Units: seed is 48 random bits that the caller drew; two sequences with different seeds hardly ever meet.
    The lowest bits take the counter too, so that records made together spread over the lanes.
    """
    high = (milliseconds << 16) | 0x7000
    low = (0x2 << 62) | (seed & 0xFFFF_FFFF_FFFF)
    make, halves = _of_bytes, Struct(">QQ").pack
    for count in range(1 << 24):  # 12 bits of rand_a, then the next 12 bits of rand_b: 16 million ids an instant
        tail = count & 0xFFF
        yield make(halves(high | count >> 12, low ^ (tail << 48 | tail)))


def lane_of(identity: UUID, /) -> int:
    """The lane whose passes alone move this record or execution: the low six bits of its id."""
    return identity.int & (LANES - 1)
