"""The analysts: `local` works without a network, `claude` through the Anthropic API."""
