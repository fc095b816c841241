"""The only reader of the environment: every setting, its default, and what it is for."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from the environment, or from a file `.env` in the working folder."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        default="sqlite:///handoff.db",
        description="Where the data is: SQLite or PostgreSQL.",
        # It may hold a password.
        repr=False,
    )
    slack_bot_token: SecretStr | None = Field(default=None, description="`xoxb-…`: the app in one workspace.")
    slack_app_token: SecretStr | None = Field(
        default=None, description="`xapp-…`: connect through Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Checks requests that come over HTTP."
    )
    slack_client_id: str | None = Field(
        default=None,
        description="With the secret: Handoff is installed in many workspaces, at /slack/install.",
    )
    slack_client_secret: SecretStr | None = Field(
        default=None, description="Proves to Slack who asks for tokens."
    )
    handoff_encryption_key: SecretStr | None = Field(
        default=None,
        description="Encrypts the tokens of many workspaces: 32 bytes in base64; several, newest first, to change it.",
    )
    handoff_public_url: str | None = Field(
        default=None, description="`https://…` without a path: where people and Slack reach the web server."
    )
    handoff_keep_days: int = Field(
        default=30,
        description="So long the data of a workspace is kept after Handoff was removed there.",
        ge=0,
    )
    handoff_keep_sent_days: int = Field(
        default=90, description="So long is kept what was said in Slack, and where.", ge=1
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Another Slack-compatible server, for tests and demos."
    )
    host: str = Field(default="127.0.0.1", description="The address the web server listens on.")
    port: int = Field(
        default=3000, description="The port the web server (or the demo's page) listens on.", ge=0, le=65535
    )
    trusted_proxies: int = Field(
        default=0,
        description="So many proxies of your own stand before the web server; only they are believed about who asks.",
        ge=0,
        le=9,
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="When set, `/metrics` is only for who sends it as a bearer token."
    )
    otel_exporter_otlp_endpoint: str = Field(
        default="", description="When set, traces go to the OpenTelemetry collector there (http, OTLP)."
    )
    sentry_dsn: SecretStr | None = Field(
        default=None, description="When set, unexpected errors are reported to this Sentry project."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @property
    def serves_many(self) -> bool:
        """Whether Handoff is installed through OAuth, in any number of workspaces."""
        return bool(self.slack_client_id and self.slack_client_secret)

    def secrets(self) -> list[str]:
        """Everything in the settings that nobody may read in a log: tokens, keys, the database's password."""
        values = [getattr(self, name) for name in type(self).model_fields]
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        # Several keys stand in one setting; each is a secret of its own.
        found += [part for value in found for part in value.replace(",", " ").split()]
        _, _, rest = self.database_url.partition("://")
        name_and_password, at, _ = rest.rpartition("@")
        return [*found, name_and_password.partition(":")[2]] if at else found

    @property
    def port_is_set(self) -> bool:
        """Whether somebody chose the port: then processes that serve nothing else serve their health there."""
        return "port" in self.model_fields_set

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.strip().upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("is one of DEBUG, INFO, WARNING, ERROR")
        return level

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"
