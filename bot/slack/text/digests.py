"""Every sentence of the scope digest, its thread, and the charts in it."""

from __future__ import annotations

from bot.digests.scope_report import (
    NAMED,
    DecisionRow,
    Hours,
    ProjectScope,
    RequestRow,
    ScopeReport,
    Waiting,
    WeekHours,
)
from bot.slack.text.markup import day, escape, hours, money, percent
from bot.slack.text.phrases import (
    Links,
    counted,
    listed,
    name_of,
    number,
    reference,
    sentence,
    title_of,
    working_time,
)

CHART_TITLE = "Hours accepted per week"
CHART_PAID = "Paid"
CHART_UNPAID = "Nobody pays"
CHART_AXIS = "Hours"

# --- the chart


def chart_week(week: int) -> str:
    """`W47`."""
    return f"W{week:02d}"


def chart_figure(week: WeekHours) -> str:
    """`6 h, 2 h unpaid` behind a bar."""
    whole = week.paid_minutes + week.unpaid_minutes
    if not week.unpaid_minutes:
        return hours(whole) if whole else ""
    return f"{hours(whole)}, {hours(week.unpaid_minutes)} unpaid"


def chart_legend() -> str:
    """What the two shades mean."""
    return "█ paid  ░ nobody pays"


# --- the post


def scope_title(report: ScopeReport) -> str:
    """`Scope, week 47`, or the days where they are no calendar week."""
    week = report.week
    if week.has_number:
        return f"Scope, week {week.number()}"
    return f"Scope, {day(week.first_day)} to {day(week.last_day)}"


def projects(count: int) -> str:
    """`5 projects`."""
    return f"{count} project{'' if count == 1 else 's'}"


def scope_headline(report: ScopeReport) -> str:
    """What matters most, in one sentence."""
    if not report.project_count:
        return "There is no project to report on yet; `/handoff project` adds one."
    if report.grew_most is not None:
        return _grew(report.grew_most, report)
    if report.waiting:
        return waits(report)
    return _decided(report) or _at_risk_headline(report) or _asked(report) or _quiet_week(report)


def scope_second(report: ScopeReport) -> str:
    """What comes next, in one sentence, if the first did not say it already."""
    if report.grew_most is None:
        return _decided(report) if report.waiting else ""
    return waits(report) if report.waiting else "Nothing waits for a decision."


def waits(report: ScopeReport) -> str:
    """`Two asks wait, the oldest 2.1 working days, with Pete.`"""
    waiting = report.waiting
    oldest = waiting[0]
    since, holder = working_time(oldest.minutes), name_of(oldest.holder)
    if len(waiting) == 1:
        card = reference(oldest.request.id, oldest.request.reference, report.links)
        return f"One ask waits for a decision: {card}, {since}, with {holder}."
    return sentence(f"{number(len(waiting))} asks wait, the oldest {since}, with {holder}.")


def _grew(scope: ProjectScope, report: ScopeReport) -> str:
    crept = bool(scope.week.unpaid_minutes)
    rivals = [s for s in report.active if (s.week.unpaid_minutes if crept else s.week.minutes)]
    verb = ("crept" if crept else "grew") + (" most" if len(rivals) > 1 else "")
    is_all = scope.so_far.minutes == scope.week.minutes
    week = growth(scope.so_far, scope) if is_all else f"+{hours(scope.week.minutes)} this week"
    so_far = "" if is_all else f"; so far {growth(scope.so_far, scope)}"
    return f"{name_of(scope.project.name)} {verb}: {week}{_unpaid_part(scope.week)}{so_far}."


def _unpaid_part(week: Hours) -> str:
    if not week.unpaid_minutes:
        return ""
    if week.unpaid_minutes == week.minutes:
        return ", none of it paid for"
    return f", {hours(week.unpaid_minutes)} of it nobody pays for"


def _decided(report: ScopeReport) -> str:
    accepted = sum(len(scope.accepted) for scope in report.active)
    declined = sum(len(scope.declined) for scope in report.active)
    if accepted:
        also = f", and {number(declined)} declined" if declined else ""
        return sentence(f"{counted(accepted, 'ask was', 'asks were')} accepted at no hours{also}.")
    if declined:
        return f"Nothing was accepted this week; {counted(declined, 'ask was', 'asks were')} declined."
    return ""


def _at_risk_headline(report: ScopeReport) -> str:
    risky = [(scope, request) for scope in report.active for request in scope.at_risk]
    if not risky:
        return ""
    scope, request = risky[0]
    if len(risky) > 1:
        return sentence(f"{counted(len(risky), 'ask')} were begun before the client answered.")
    return f"{reference(request.id, request.reference, report.links)} was begun before {name_of(scope.project.client)} answered."


def _asked(report: ScopeReport) -> str:
    asked = sum(len(scope.asked) for scope in report.active)
    if not asked:
        return ""
    return sentence(f"{counted(asked, 'ask')} came in, nothing was accepted, and nothing waits.")


def _quiet_week(report: ScopeReport) -> str:
    return "A quiet week: nothing was asked, nothing accepted, and nothing waits."


def growth(so_far: Hours, scope: ProjectScope) -> str:
    """`+17 h (14 %)`; no share where no hours were agreed."""
    share = percent(so_far.minutes, scope.project.agreed_minutes)
    return f"+{hours(so_far.minutes)}" + (f" ({share})" if share else "")


def scope_line(scope: ProjectScope, report: ScopeReport) -> str:
    """One project in one line."""
    parts = [f"*{name_of(scope.project.name)}*", *_growth_parts(scope), _counts(scope)]
    if scope.waiting:
        parts.append(f"{len(scope.waiting)} waiting")
    if scope.at_risk:
        parts.append(_at_risk(scope, report.links))
    return " · ".join(part for part in parts if part)


def _growth_parts(scope: ProjectScope) -> list[str]:
    if not scope.so_far.minutes:
        return []
    so_far = growth(scope.so_far, scope)
    if scope.week.minutes == scope.so_far.minutes:
        grown = f"{so_far} this week"
    elif scope.week.minutes:
        grown = f"{so_far}, {hours(scope.week.minutes)} of it this week"
    else:
        grown = so_far
    return [grown, _creep(scope)]


def _creep(scope: ProjectScope) -> str:
    share = percent(scope.so_far.unpaid_minutes, scope.project.agreed_minutes)
    if share is None:
        return f"creep {hours(scope.so_far.unpaid_minutes)}" if scope.so_far.unpaid_minutes else ""
    return f"creep {share}"


def _counts(scope: ProjectScope) -> str:
    counts = [("asked", scope.asked), ("accepted", scope.accepted), ("declined", scope.declined)]
    return ", ".join(f"{len(rows)} {word}" for word, rows in counts if rows)


def _at_risk(scope: ProjectScope, links: Links) -> str:
    named = [reference(row.id, row.reference, links) for row in scope.at_risk[:NAMED]]
    more = len(scope.at_risk) - len(named)
    names = listed([*named, f"{more} more"] if more else named)
    return f"at risk: {names} begun before {name_of(scope.project.client)} answered"


def quiet_line(report: ScopeReport) -> str:
    """The projects in which nothing happened, by name while they are few."""
    quiet = report.quiet
    if not quiet:
        return ""
    if len(quiet) > NAMED:
        all_were = "All " if not report.active else ""
        return f"{all_were}{projects(len(quiet))} were quiet."
    names = listed([name_of(scope.project.name) for scope in quiet])
    return f"{names} {'was' if len(quiet) == 1 else 'were'} quiet."


def scope_more(count: int) -> str:
    """What the post leaves out."""
    return f"and {projects(count).replace(' ', ' more ', 1)}, in the thread"


def how_to_change() -> str:
    """Where this comes from."""
    return "`/handoff digest` changes when this comes, and what it covers."


# --- the thread


def details_title(report: ScopeReport) -> str:
    """The head of the details."""
    return f"{scope_title(report)}: each project, the worst first"


def details_totals(report: ScopeReport) -> str:
    """The week over all projects: hours once, money by currency."""
    total = report.total
    if not total.minutes:
        return "Nothing was accepted this week."
    parts = [money(part.amount_minor, currency) for currency, part in report.week_by_currency.items()]
    unpaid = [
        money(part.unpaid_minor, currency)
        for currency, part in report.week_by_currency.items()
        if part.unpaid_minutes
    ]
    said = f"Accepted this week: {hours(total.minutes)}, worth {listed(parts)}."
    if not total.unpaid_minutes:
        return f"{said} All of it is paid for."
    return f"{said} Nobody pays for {hours(total.unpaid_minutes)} of it ({listed(unpaid)})."


def project_details(scope: ProjectScope, report: ScopeReport) -> list[str]:
    """One project with its figures and the requests that matter, line by line."""
    project = scope.project
    head = f"*{name_of(project.name)}* · {name_of(project.client)} · PM {name_of(project.pm)}"
    return [head, *_week_details(scope), *_so_far_details(scope), *_request_lines(scope, report.links)]


def project_in_brief(scope: ProjectScope, report: ScopeReport) -> str:
    """One project in one line of the details, where there is no room for more: with its money."""
    budget, currency = scope.project.agreed_budget_minor, scope.project.currency
    line, amount = scope_line(scope, report), scope.so_far.amount_minor
    if not (budget and amount):
        return line
    line += f" · {money(amount, currency)} of {money(budget, currency)} ({percent(amount, budget)})"
    week = scope.week.amount_minor
    if not week:
        return line
    return f"{line}, {money(week, currency)} of it this week" if week != amount else f"{line} this week"


def _week_details(scope: ProjectScope) -> list[str]:
    """What came this week; a week in which nothing did is not worth a line."""
    parts = [_counts(scope)]
    if scope.week.minutes:
        parts += [_worth(scope.week, scope.project.currency), *_shares(scope.week, scope)]
    said = " · ".join(filter(None, parts))
    return [f"This week: {said}"] if said else []


def _so_far_details(scope: ProjectScope) -> list[str]:
    if not scope.so_far.minutes:
        return []
    parts = [f"So far: {_worth(scope.so_far, scope.project.currency)}"]
    if not scope.project.agreed_minutes:
        parts.append("no hours were agreed to compare with")
    return [" · ".join([*parts, *_shares(scope.so_far, scope)])]


def _shares(part: Hours, scope: ProjectScope) -> list[str]:
    """Growth and creep, of hours and of money; nothing of what none was agreed of."""
    project = scope.project
    compared = (
        (part.minutes, part.unpaid_minutes, project.agreed_minutes, hours(project.agreed_minutes)),
        (
            part.amount_minor,
            part.unpaid_minor,
            project.agreed_budget_minor,
            money(project.agreed_budget_minor, project.currency),
        ),
    )
    return [
        f"growth {percent(whole, agreed)}, creep {percent(unpaid, agreed)} of {said} agreed"
        for whole, unpaid, agreed, said in compared
        if agreed
    ]


def _worth(part: Hours, currency: str) -> str:
    said = f"+{hours(part.minutes)} worth {money(part.amount_minor, currency)}"
    if not part.unpaid_minutes:
        return said
    if part.unpaid_minutes == part.minutes:
        return f"{said}, none of it paid for"
    return (
        f"{said}, {hours(part.unpaid_minutes)} ({money(part.unpaid_minor, currency)}) of it nobody pays for"
    )


def _request_lines(scope: ProjectScope, links: Links) -> list[str]:
    lines = [_waiting_line(waiting, links) for waiting in scope.waiting[:NAMED]]
    lines += [_decision_line(row, links) for row in (*scope.accepted[:NAMED], *scope.declined[:NAMED])]
    lines += [_risk_line(row, scope.project.client, links) for row in scope.at_risk[:NAMED]]
    lists = (scope.waiting, scope.accepted, scope.declined, scope.at_risk)
    more = sum(max(0, len(rows) - NAMED) for rows in lists)
    if more:
        lines.append(and_more(more, f"`/handoff list {escape(scope.project.key)} all`"))
    return [f"• {line}" for line in lines]


def _waiting_line(waiting: Waiting, links: Links) -> str:
    row = waiting.request
    held = f"{name_of(waiting.holder)}, {working_time(waiting.minutes)}"
    return f"Waiting: {reference(row.id, row.reference, links)} {title_of(row.title)} · {held}"


def _decision_line(decision: DecisionRow, links: Links) -> str:
    row = decision.request
    word, figure = ("Accepted", f" · {hours(decision.minutes)}") if decision.is_accepted else ("Declined", "")
    return f"{word}: {reference(row.id, row.reference, links)} {title_of(row.title)}{figure}"


def _risk_line(row: RequestRow, client: str, links: Links) -> str:
    card = reference(row.id, row.reference, links)
    return f"At risk: {card} {title_of(row.title)} · begun before {name_of(client)} answered"


def and_more(count: int, where: str) -> str:
    """What did not fit, and where it is."""
    return f"and {count} more: {where}"


def details_more(count: int) -> str:
    """What the thread leaves out."""
    return f"and {projects(count).replace(' ', ' more ', 1)}: `/handoff list`"
