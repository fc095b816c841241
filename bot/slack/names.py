"""Ids of commands, buttons, modals and inputs: each is declared here once."""

from __future__ import annotations

import enum


class Button(enum.StrEnum):
    """What can be pressed; the value of a button is the id of the row it is about."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    TOLD_CLIENT = "told_client"
    DONE = "done"
    OPEN_ASK = "open_ask"
    RECORD_TYPED = "record_typed"
    JUST_TALKING = "just_talking"
    MORE = "more"
    HISTORY = "history"
    ASK_INFO = "ask_info"
    ANSWER = "answer"
    LINK = "link"
    ADD_CLIENT = "add_client"
    EDIT_CLIENT = "edit_client"
    ADD_PROJECT = "add_project"
    EDIT_PROJECT = "edit_project"


class Callback(enum.StrEnum):
    """Modals that are submitted, and shortcuts."""

    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    DIGESTS = "digests"
    SETTINGS = "settings"
    INFO = "info"
    ASK_INFO = "ask_info"
    ANSWER = "answer"
    CLIENT = "client"
    PROJECT = "project"
    LOG_MESSAGE = "log_client_message"
    LOG_GLOBAL = "log_client_request"


class Field(enum.StrEnum):
    """Inputs of modals: the block id; the element inside has the same id."""

    PROJECT = "project"
    TITLE = "title"
    DETAILS = "details"
    REASON = "reason"
    NEEDED_BY = "needed_by"
    HOURS = "hours"
    PROMISE = "promise"
    SOURCE = "source"
    FEE = "fee"
    DELAY = "delay"
    FUNDING = "funding"
    OTHER_FUNDING = "other_funding"
    OTHER_HOURS = "other_hours"
    WHY = "why"
    QUESTION = "question"
    ANSWER = "answer"
    BRIDGE = "bridge"
    BRIDGE_TEXT = "bridge_text"
    RETURNS_ON = "returns_on"
    DIRECTOR = "director"
    ZONE = "zone"
    CURRENCY = "currency"
    SCOPE_ON = "scope_on"
    SCOPE_WEEKDAY = "scope_weekday"
    SCOPE_AT = "scope_at"
    SCOPE_COVERS = "scope_covers"
    DEADLINES_ON = "deadlines_on"
    DEADLINES_AT = "deadlines_at"
    DEADLINES_COVERS = "deadlines_covers"
