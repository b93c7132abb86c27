"""Looks for secrets in files that git knows: keys and tokens by their shape. Exit 1 on a find.

    python scripts/scan_secrets.py [FILE …]

A line that has to look like one, in a test, says why with the words `no secret:`.
"""

import re
import subprocess
import sys
from pathlib import Path

SHAPES = {
    "private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\n?[A-Za-z0-9+/]",
    "Anthropic key": r"\bsk-ant-[A-Za-z0-9_-]{24,}",
    "OpenAI key": r"\bsk-[A-Za-z0-9]{40,}",
    "AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}",
    "Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "Slack hook": r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{20,}",
    "Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "Fernet text": r"\bgAAAAA[A-Za-z0-9_-]{60,}",
    "filled-in secret": r"(?m)^(?:ENCRYPTION_KEY|SIGNING_SECRET|[A-Z_]*PASSWORD|[A-Z_]*API_KEY)="
    r"[A-Za-z0-9_+/-]{12,}\s*$",
}
EXCUSE = "no secret:"
LARGEST = 2_000_000


def tracked() -> list[Path]:
    """The files that git knows."""
    told = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True)
    return [Path(name) for name in told.stdout.split("\0") if name]


def found(path: Path) -> list[str]:
    """What looks like a secret in a file: its place and its kind, never itself."""
    if not path.is_file() or path.stat().st_size > LARGEST:
        return []
    text = path.read_text("utf-8", errors="replace")
    told = []
    for kind, shape in SHAPES.items():
        for match in re.finditer(shape, text):
            line = text.count("\n", 0, match.start()) + 1
            if EXCUSE not in text.splitlines()[line - 1]:
                told.append(f"{path}:{line}: {kind}")
    return told


def main() -> int:
    """Scan, and say what was found."""
    paths = [Path(name) for name in sys.argv[1:]] or tracked()
    told = [one for path in paths for one in found(path)]
    print("\n".join(told) if told else f"No secrets in {len(paths)} files.")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
