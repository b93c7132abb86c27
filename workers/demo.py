"""`./datamind demo`: the demo organization in this installation, and how to sign in to it."""

import sys

from core import datamind, installation
from core.demo import organization as demo
from core.errors import DataMindError
from core.store.queue import SilentQueue


def main() -> int:
    """Make or extend the demo organization, then say its emails and password."""
    try:
        dm = datamind.build(installation.settings(datamind_demo="on"), SilentQueue())
        try:
            installation.prepare(dm)
            way_in = demo.sign_in(dm)
        finally:
            datamind.close(dm)
    except DataMindError as problem:
        print(f"{problem.message} {problem.hint}".strip(), file=sys.stderr)
        return 1
    assert way_in is not None, "it was made just now"
    print(f"The demo organization is there. Password: {way_in.password}")
    print("\n".join(f"  {email}" for email in way_in.emails))
    if not dm.settings.wants_demo:
        print("Set DATAMIND_DEMO=on for the button “Try the demo”.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
