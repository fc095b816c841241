"""What is kept no longer goes, a batch in each transaction."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.deletion import BATCH
from bot.inbox.models import Received
from bot.outbox.models import Notice
from bot.scheduler import build_scheduler
from tests.slack_world import World, agency


async def count(world: World, model: type[Received] | type[Notice]) -> int:
    def ask(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(model)) or 0

    return await world.bot.read(ask)


async def tidy(world: World, **kept: timedelta) -> None:
    jobs = build_scheduler(world.bot, **kept).get_jobs()  # type: ignore[arg-type]
    await next(job for job in jobs if job.id == "tidy").func()


async def test_more_than_one_batch_goes_and_what_is_new_stays(database_url: str) -> None:
    async with agency(database_url) as world:
        old, new = world.clock.now() - timedelta(days=8), world.clock.now()

        def fill(session: Session) -> None:
            for number in range(BATCH + 20):
                session.add(Received(workspace_id="T0AGENCY", key=f"old-{number}", received_at=old))
            session.add(Received(workspace_id="T0AGENCY", key="new", received_at=new))

        await world.bot.run(fill)
        await tidy(world)
        assert await count(world, Received) == 1


async def test_a_notice_goes_when_its_time_is_over_but_not_while_its_message_stands(
    database_url: str,
) -> None:
    async with agency(database_url) as world:
        await world.accept(await world.log())
        await world.deliver()
        before = await count(world, Notice)
        await tidy(world, sent_kept=timedelta(days=10))
        assert await count(world, Notice) == before
        world.clock.advance(timedelta(days=11))
        await tidy(world, sent_kept=timedelta(days=10))
        stands = {posting.ts for posting in await world.postings()}
        assert {notice.ts for notice in await world.notices()} == stands
        assert await count(world, Notice) < before
