"""The Claude analyst. Importing this loads the Anthropic SDK: only do it with a key."""

from core.analyst.claude.analyst import ClaudeAnalyst

__all__ = ["ClaudeAnalyst"]
