"""Encrypts the tokens at rest: AES-256-GCM, bound to the workspace they belong to, under keys that can be changed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
_FORMAT = "v1"


class BadKey(Exception):
    """A key is not one: the message says which and how to make one, never what it was."""


class UnreadableToken(Exception):
    """A token cannot be decrypted: no key that we were given fits, or it was put where it does not belong."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


class Sealer:
    """Seals with the first key, opens with whichever fits.

    Who copies one workspace's sealed token into another's row gets nothing: the workspace is part of the seal.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_key_id(key): AESGCM(key) for key in keys}
        self.newest = _key_id(keys[0])

    @classmethod
    def of(cls, setting: str) -> Sealer:
        """A sealer with the keys of `HANDOFF_ENCRYPTION_KEY`, newest first; raises `BadKey`."""
        words = [word for word in re.split(r"[\s,]+", setting) if word]
        if not words:
            raise BadKey("HANDOFF_ENCRYPTION_KEY is not set. Make a key with `openssl rand -base64 32`.")
        return cls([_read(word, number) for number, word in enumerate(words, 1)])

    def seal(self, secret: str, *, workspace_id: str) -> str:
        """The secret as it may lie in the database."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self.newest].encrypt(nonce, secret.encode(), _bound_to(workspace_id))
        return f"{_FORMAT}.{self.newest}.{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, workspace_id: str) -> str:
        """The secret again; raises `UnreadableToken`."""
        key_id = key_id_of(sealed)
        key = self._keys.get(key_id)
        if key is None:
            raise UnreadableToken(key_id)
        try:
            raw = base64.b64decode(sealed.rpartition(".")[2], validate=True)
            return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound_to(workspace_id)).decode()
        except (InvalidTag, ValueError) as error:
            raise UnreadableToken(key_id) from error


def key_id_of(sealed: str) -> str:
    """Which key something was sealed with: eight letters that tell nothing of the key."""
    parts = sealed.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == _FORMAT else ""


def _read(word: str, number: int) -> bytes:
    try:
        key = base64.b64decode(word.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKey(
            f"Key {number} in HANDOFF_ENCRYPTION_KEY is not 32 bytes in base64. "
            "Make one with `openssl rand -base64 32`."
        )
    return key


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"handoff key id" + key).hexdigest()[:8]


def _bound_to(workspace_id: str) -> bytes:
    return f"handoff:bot-token:{workspace_id}".encode()
