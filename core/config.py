"""All settings, typed, from the environment.

Order: an environment variable wins over `.env`, which wins over the secrets file that
`core.security.secrets` writes on the first start. NAME_FILE names a file that holds NAME's value,
as containers get their secrets; NAME itself in the environment wins over it. Every setting is
documented in docs/configuration.md and in .env.example; a test holds that.
"""

import os
from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import BadSettings

SECRETS_FILE = "secrets.env"
SHORTEST_SECRET = 32
WELL_KNOWN_SECRETS = ("change", "secret", "default", "example", "password", "datamind")


class NamedFiles(PydanticBaseSettingsSource):
    """Values from files that the environment names: ENCRYPTION_KEY_FILE=/run/secrets/…

    Raises BadSettings for a file that cannot be read. An empty file counts as not set.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str, str, bool]:
        """What the setting's file holds, without the spaces and the line's end around it."""
        name = f"{field_name.upper()}_FILE"
        path = os.environ.get(name, "")
        try:
            value = Path(path).read_text("utf-8").strip() if path else ""
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(
                f"The file that {name} names cannot be read.",
                "`make secrets` makes the files; they must be readable for DataMind's user.",
            ) from error
        return value, field_name, False

    def __call__(self) -> dict[str, str]:
        """All that files hold."""
        fields = self.settings_cls.model_fields
        held = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: value for name, value in held.items() if value}


class Settings(BaseSettings):
    """The whole configuration of one installation."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(8501, ge=1, le=65535)
    datamind_home: Path = Path("var")
    database_url: str = Field("", repr=False)
    redis_url: str = Field("", repr=False)
    cache_redis_url: str = Field("", repr=False)
    files_url: str = Field("", repr=False)
    embedded_worker: bool = True
    replica_name: str = Field("", pattern="^[A-Za-z0-9_-]{0,40}$")

    encryption_key: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    session_days: int = Field(7, ge=1, le=365)
    registration: Literal["auto", "open", "invited"] = "auto"
    trusted_proxies: str = ""

    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    model_strong: str = "claude-sonnet-5-5"
    model_fast: str = "claude-haiku-5-5"
    max_tokens_sql: int = Field(2000, ge=256)
    max_tokens_insight: int = Field(1500, ge=256)
    model_calls_at_once: int = Field(4, ge=1)
    model_timeout_seconds: float = Field(60.0, gt=0)

    query_timeout_seconds: float = Field(30.0, gt=0)
    query_max_rows: int = Field(10_000, ge=1)
    cache_seconds: int = Field(300, ge=0)
    max_upload_mb: int = Field(200, ge=1)

    private_databases: bool = True
    local_folders: str = ""
    public_url: str = ""
    allowed_outbound_hosts: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: str = ""

    datamind_demo: Literal["auto", "on", "off"] = "auto"
    datamind_today: date | None = None
    debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    slow_query_seconds: float = Field(5.0, gt=0)
    metrics_token: SecretStr = SecretStr("")
    metrics_port: int = Field(0, ge=0, le=65535)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Whom to believe, the first one first."""
        files = NamedFiles(settings_cls)
        return init_settings, env_settings, files, dotenv_settings, file_secret_settings

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        self.datamind_home = self.datamind_home.expanduser().resolve()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.datamind_home / 'datamind.sqlite'}"
        if self.database_url.startswith("postgresql://"):
            self.database_url = self.database_url.replace(
                "postgresql://", "postgresql+psycopg://", 1
            )
        return self

    @property
    def embedded_database(self) -> bool:
        """Whether the application database is the SQLite file under `datamind_home`."""
        return self.database_url.startswith("sqlite")

    @property
    def address(self) -> str:
        """Where people reach the app, without a slash at its end: what links begin with."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def registers_openly(self) -> bool:
        """Whether anybody may found an organization: in development, unless told otherwise."""
        if self.registration == "auto":
            return self.environment == "development"
        return self.registration == "open"

    @property
    def proxies(self) -> tuple[str, ...]:
        """Addresses and networks whose word about a client's address is believed."""
        return tuple(filter(None, map(str.strip, self.trusted_proxies.split(","))))

    @property
    def outbound(self) -> tuple[str, ...]:
        """Names and networks of the inside that the server may connect to all the same."""
        return tuple(filter(None, map(str.strip, self.allowed_outbound_hosts.split(","))))

    @property
    def local_files(self) -> tuple[str, ...]:
        """Folders of the server's disk whose database files may be connected where they lie."""
        return tuple(filter(None, map(str.strip, self.local_folders.split(","))))

    @property
    def wants_demo(self) -> bool:
        """Whether the demo organization belongs here: in development on the embedded database."""
        if self.datamind_demo == "auto":
            return self.environment == "development" and self.embedded_database
        return self.datamind_demo == "on"


def load(**given: object) -> Settings:
    """Read the settings; `given` wins over everything (tests).

    Raises BadSettings with a sentence that names the setting.
    """
    try:
        home = Settings(_env_file=".env", **given).datamind_home  # type: ignore[call-arg, arg-type]
        files = (str(home / SECRETS_FILE), ".env")
        settings = Settings(_env_file=files, **given)  # type: ignore[call-arg, arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise BadSettings(
            f"The setting {name} cannot be used: {first['msg']}.",
            "docs/configuration.md lists what each setting takes.",
        ) from error
    if settings.environment == "production":
        _require_strong_secrets(settings)
    return settings


def _require_strong_secrets(settings: Settings) -> None:
    for name in ("encryption_key", "signing_secret"):
        secret = getattr(settings, name).get_secret_value()
        for part in secret.split(",") if secret else [""]:
            weak = any(word in part.lower() for word in WELL_KNOWN_SECRETS)
            if len(part.strip()) < SHORTEST_SECRET or weak:
                raise BadSettings(
                    f"{name.upper()} is missing, too short or well known, and this is production.",
                    f"Set it to at least {SHORTEST_SECRET} random characters, for example from: "
                    'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
                )
    if settings.encryption_key.get_secret_value() == settings.signing_secret.get_secret_value():
        raise BadSettings(
            "ENCRYPTION_KEY and SIGNING_SECRET are the same.",
            "Give each a random value of its own.",
        )
