"""`./datamind COMMAND`: one way in for whoever runs DataMind; each command is a module's own."""

import os
import sys
from typing import Final

COMMANDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "run": ("Serve the app until stopped", ("app.run",)),
    "worker": ("Work on jobs in a process of its own (needs REDIS_URL)", ("workers.run", "worker")),
    "scheduler": ("Hand out due jobs (needs REDIS_URL)", ("workers.run", "scheduler")),
    "migrate": ("Bring the application database up to date", ("alembic", "upgrade", "head")),
    "demo": ("Make the demo organization here, and say how to sign in", ("workers.demo",)),
    "create-admin": ("Make an admin, or let one in again", ("workers.create_admin",)),
    "doctor": ("Check this installation and say what is wrong", ("workers.doctor",)),
    "backup": ("Write the database and all files into one file", ("core.backups.save",)),
    "restore": ("Fill a fresh installation with a backup", ("core.backups.restore",)),
    "rotate-key": ("Change the encryption key", ("core.security.rotate",)),
    "eval": ("Ask the analyst the demo's verified questions", ("workers.evaluate",)),
}
"""Each command's line of help, and the module with its first words."""


def help_text() -> str:
    """What can be said, a line for each command."""
    lines = [f"  {name:14}{line}" for name, (line, _) in COMMANDS.items()]
    return "\n".join(
        [
            "Usage: ./datamind COMMAND",
            "",
            *lines,
            "",
            "Settings come from the environment and .env: docs/configuration.md",
        ]
    )


def main(words: list[str]) -> None:
    """Become the command's process, so that signals and exit codes are its own."""
    if not words or words[0] in ("help", "-h", "--help"):
        print(help_text())
        return
    if words[0] not in COMMANDS:
        print(f"There is no command “{words[0]}”.\n\n{help_text()}", file=sys.stderr)
        sys.exit(2)
    sys.stdout.flush()
    _, module = COMMANDS[words[0]]
    os.execv(sys.executable, [sys.executable, "-m", *module, *words[1:]])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
