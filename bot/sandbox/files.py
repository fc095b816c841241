"""Files the app uploads: announced, filled, completed, shared."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.ids import Ids
from bot.sandbox.wire import JsonObject


@dataclass
class File:
    """One uploaded file; private to its owner until it is shared somewhere."""

    id: str
    name: str
    length: int
    owner: str
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    is_complete: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self, base_url: str) -> JsonObject:
        """Returns the file object of files.info."""
        kind = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "text"
        mime = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "csv": "text/csv"}
        url = f"{base_url}/files/{self.id}"
        shares = {channel: [{"ts": ts} for ts in times] for channel, times in self.shares.items()}
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mime.get(kind, "application/octet-stream"),
            "filetype": kind,
            "user": self.owner,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": bool(self.shares),
            "alt_txt": self.alt_text,
            "url_private": url,
            "url_private_download": url,
            "permalink": url,
            "channels": list(self.shares),
            "groups": [],
            "ims": [],
            "shares": {"public": shares} if shares else {},
        }


class Files:
    """Every file of the workspace."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.by_id: dict[str, File] = {}

    def announce(self, name: str, length: int, owner: str, created: int, alt_text: str) -> File:
        """Makes room for a file that will be uploaded."""
        file = File(self._ids.fresh("F"), name, length, owner, created, alt_text=alt_text)
        self.by_id[file.id] = file
        return file
