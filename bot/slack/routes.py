"""Every route in one place: what answers each command, press, form, shortcut and event."""

from __future__ import annotations

from bot.portfolio.forms import ProjectField
from bot.slack.commands.handoff import handoff
from bot.slack.names import Button, Callback, Field
from bot.slack.routing import Routes
from bot.slack.stories import (
    asking,
    channels,
    deciding,
    digests,
    editing,
    forms,
    home,
    hours,
    intake,
    portfolio,
    settings,
    words,
)

ROUTES = Routes(
    commands={
        "/ask": intake.ask,
        "/handoff": handoff,
    },
    presses={
        Button.ACCEPT: deciding.accept_pressed,
        Button.DECLINE: deciding.decline_pressed,
        Button.WITHDRAW: deciding.withdraw_pressed,
        Button.ASK_INFO: asking.ask_info_pressed,
        Button.ANSWER: asking.answer_pressed,
        Button.EDIT: editing.edit_pressed,
        Button.HISTORY: deciding.history_pressed,
        Button.TOLD_CLIENT: deciding.told_client,
        Button.DONE: deciding.done_pressed,
        Button.MORE: forms.more_pressed,
        Button.HOLDING_SENT: words.holding_sent,
        Button.WORDS_STEP: words.page_chosen,
        Button.WORDS_LANGUAGE: words.page_chosen,
        Button.WORDS_PREVIEW: words.preview_pressed,
        Button.WORDS_RESET: words.reset_pressed,
        Button.RECORD_TYPED: deciding.record_typed,
        Button.JUST_TALKING: deciding.just_talking,
        Button.OPEN_ASK: intake.open_pressed,
        Button.ADD_CLIENT: portfolio.add_client_pressed,
        Button.EDIT_CLIENT: portfolio.edit_client_pressed,
        Button.ADD_PROJECT: portfolio.add_project_pressed,
        Button.EDIT_PROJECT: portfolio.edit_project_pressed,
        Button.WORKING_TIME: hours.working_time_pressed,
    },
    submissions={
        Callback.ASK: intake.submitted,
        Callback.ACCEPT: deciding.accepted,
        Callback.DECLINE: deciding.declined,
        Callback.WITHDRAW: deciding.withdrawn,
        Callback.ASK_INFO: asking.info_asked,
        Callback.ANSWER: asking.info_answered,
        Callback.EDIT: editing.edited,
        Callback.DIGESTS: digests.digests_set,
        Callback.SETTINGS: settings.settings_changed,
        Callback.WORDS: words.words_sent,
        Callback.CLIENT: portfolio.client_sent,
        Callback.PROJECT: portfolio.project_sent,
        Callback.HOURS: hours.hours_set,
        Callback.WORKING_TIME: hours.working_time_set,
    },
    shortcuts={
        Callback.LOG_MESSAGE: intake.message_shortcut,
        Callback.LOG_GLOBAL: intake.global_shortcut,
    },
    suggestions={
        Field.PROJECT: intake.suggest_project,
        ProjectField.CLIENT: portfolio.suggest_client,
        Field.HOLIDAYS: hours.suggest_holidays,
    },
    happened={
        "app_home_opened": home.opened,
        "app_mention": channels.mentioned,
        "member_joined_channel": channels.joined,
        "channel_shared": channels.sharing_changed,
        "channel_unshared": channels.sharing_changed,
        "channel_rename": channels.renamed,
        "group_rename": channels.renamed,
        "channel_archive": channels.renamed,
        "group_archive": channels.renamed,
        "channel_unarchive": channels.renamed,
        "group_unarchive": channels.renamed,
        "user_change": channels.person_changed,
    },
    said=deciding.typed_reply,
)
