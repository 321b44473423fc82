"""Passwords by Argon2id. Hashing takes time on purpose, so it runs in threads, few at once."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cuework.base.errors import Invalid, Problem

SHORTEST = 10
LONGEST = 200
_hasher = PasswordHasher()
# Each hash takes 64 MiB: a burst of sign-ins must not take them all at once.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
# Checked where there is no such login, so that the answer takes as long as for a wrong password. Nobody knows of what
# it is the hash; made anew at each start it would cost each command a tenth of a second or more.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$yp9qI0OTJSbB2OcWGJOgAg$cT3VvYeG3v+gQcsuSdlr1RtKcs8RspvBL/gL4JUYw6I"


async def hash_password(password: str, /) -> str:
    """The hash to keep. Errors: Invalid for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        problem = Problem("password", f"use {SHORTEST} to {LONGEST} characters")
        raise Invalid("That password cannot be used.", [problem])
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(password: str, hash: str | None, /) -> bool:  # noqa: A002
    """Whether it is the password of that hash; without a hash it takes as long and is false."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _matches, password, hash)


def generated() -> str:
    """A new password that nobody can guess and everybody can type: four groups of five."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _matches(password: str, hash: str | None) -> bool:  # noqa: A002
    try:
        return _hasher.verify(hash or _NOBODY, password) and hash is not None
    except (VerificationError, InvalidHashError):
        return False
