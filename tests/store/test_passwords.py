"""Passwords are kept as Argon2id hashes of the full cost, also those of nobody."""

from argon2 import PasswordHasher, Type, extract_parameters

from cuework.crm import passwords

PASSWORD = "correct horse battery"


async def test_a_password_is_that_of_its_hash_and_of_no_other() -> None:
    kept = await passwords.hash_password(PASSWORD)
    assert PASSWORD not in kept
    assert extract_parameters(kept).type is Type.ID
    assert not PasswordHasher().check_needs_rehash(kept)
    assert await passwords.matches(PASSWORD, kept)
    assert not await passwords.matches(PASSWORD + " ", kept)
    assert not await passwords.matches(PASSWORD, "no hash")


async def test_where_there_is_no_login_nothing_matches_and_it_costs_the_same() -> None:
    assert not await passwords.matches(PASSWORD, None)
    kept = await passwords.hash_password(PASSWORD)
    assert extract_parameters(passwords._NOBODY) == extract_parameters(kept)
