"""The analysts: `local` works without a network, `claude` through the Anthropic API."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analyst.base import Analyst
from core.config import Settings

if TYPE_CHECKING:
    from core.analyst.claude import ClaudeAnalyst


@dataclass(frozen=True)
class Analysts:
    """The analysts of this installation; `claude` is there when an API key is set."""

    local: Analyst
    claude: "ClaudeAnalyst | None" = None

    def choose(self) -> Analyst:
        """The analyst for the next question: Claude where there is a key."""
        return self.claude or self.local

    def close(self) -> None:
        """Let go of the connections to the model."""
        if self.claude:
            self.claude.close()


def build(settings: Settings) -> Analysts:
    """The analysts that the settings allow. The Anthropic SDK loads only with a key."""
    from core.analyst.local import LocalAnalyst

    key = settings.anthropic_api_key
    if key is None or not key.get_secret_value().strip():
        return Analysts(local=LocalAnalyst())
    from core.analyst.claude import ClaudeAnalyst

    claude = ClaudeAnalyst(
        key.get_secret_value().strip(),
        settings.anthropic_base_url,
        strong=settings.model_strong,
        fast=settings.model_fast,
        max_tokens_sql=settings.max_tokens_sql,
        max_tokens_insight=settings.max_tokens_insight,
        timeout_seconds=settings.model_timeout_seconds,
    )
    return Analysts(local=LocalAnalyst(), claude=claude)
