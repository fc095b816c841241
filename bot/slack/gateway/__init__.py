"""The only caller of Slack's Web API: every call has a time limit, every answer is narrowed, every failure named."""

from bot.slack.gateway.calls import Gateway
from bot.slack.gateway.failures import GatewayError, NotSent, RateLimited, Refused, Unclear
from bot.slack.gateway.limits import TimeLimits
from bot.slack.gateway.lines import Clients, ClosedLine, Connection, FixedLine, Line, Tenant
from bot.slack.gateway.readings import ChannelFacts, HistoryPage, Posted, read_person

__all__ = [
    "ChannelFacts",
    "Clients",
    "ClosedLine",
    "Connection",
    "FixedLine",
    "Gateway",
    "GatewayError",
    "HistoryPage",
    "Line",
    "NotSent",
    "Posted",
    "RateLimited",
    "Refused",
    "Tenant",
    "TimeLimits",
    "Unclear",
    "read_person",
]
