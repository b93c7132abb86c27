"""`make eval`: ask the analyst the demo organization's verified questions, and compare."""

import sys

from core import accounts, datamind, evaluation, installation
from core.demo import organization as demo
from core.errors import BadSettings, DataMindError
from core.store.queue import SilentQueue


def main() -> int:
    """Print each question with what became of it; 1 when one was answered otherwise."""
    try:
        dm = datamind.build(installation.settings(), SilentQueue())
    except BadSettings as problem:
        sys.exit(f"{problem.message} {problem.hint}")
    try:
        installation.prepare(dm)
        admin = accounts.actor_of(dm, demo.user(dm, "admin"), "system")
        assert admin is not None
        found = evaluation.run(dm, admin)
    except DataMindError as problem:
        sys.exit(f"{problem.message} {problem.hint}")
    finally:
        datamind.close(dm)
    for verdict in found.verdicts:
        print(f"{'same ' if verdict.same else 'OTHER'}  {verdict.question}  {verdict.why}".rstrip())
    print(f"{found.same} of {found.asked} verified questions, {found.analyst} analyst.")
    return 0 if found.same == found.asked else 1


if __name__ == "__main__":
    sys.exit(main())
