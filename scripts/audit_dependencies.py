"""Asks whether a locked dependency has a known hole. Exit 1 when one has.

    python scripts/audit_dependencies.py

Without a network nothing can be asked; that is said, and is no failure.
"""

import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path("requirements.lock")
SECONDS = 120
OUT_OF_REACH = (
    *("ConnectionError", "ServiceError", "Max retries", "Name or service", "timed out"),
    *("Failed to fetch", "dns error", "Network is unreachable", "error sending request"),
    *("HTTPError", "404", "403", "Could not connect", "request failed", "not found in the package"),
)


def main() -> int:
    """Ask, and say what was answered."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("Dependencies were not audited: uv is not there (make check sets it up).")
        return 0
    command = [
        uv,
        "tool",
        "run",
        "pip-audit",
        "--disable-pip",
        "-r",
        str(LOCK),
        "--progress-spinner=off",
    ]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)  # noqa: PLW1510
    except subprocess.TimeoutExpired:
        print("Dependencies were not audited: nobody answered.")
        return 0
    if asked.returncode == 0:
        print("No known hole in a locked dependency.")
        return 0
    if "vulnerabilit" in asked.stderr and asked.stdout.strip():
        print(asked.stdout)
        return 1
    reason = next((one for one in OUT_OF_REACH if one in asked.stderr), "")
    print(f"Dependencies were not audited: {reason or asked.stderr.strip().splitlines()[-1:]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
