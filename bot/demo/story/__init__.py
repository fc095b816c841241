"""What happened at Brightside in the last months: about sixty requests, and the talk around them."""

from __future__ import annotations

from typing import Final

from bot.demo.story import almarena, kestrel, oakline, solbrook
from bot.demo.story.rows import Asked, Remark
from bot.demo.story.talk import TALK

REQUESTS: Final[tuple[Asked, ...]] = (
    *almarena.WEBSITE,
    *almarena.APP,
    *solbrook.BRAND,
    *solbrook.PORTAL,
    *kestrel.SHOP,
    *kestrel.CAMPAIGN,
    *oakline.CARE,
    *oakline.OPEN_DAY,
)
REMARKS: Final[tuple[Remark, ...]] = TALK
# The story begins so many working days before its last one.
FIRST_DAY: Final = 84
