"""`./datamind create-admin EMAIL --organization NAME`: an admin, made on the server."""

import argparse
import sys

from core import admins, datamind, installation
from core.errors import DataMindError
from core.store.queue import SilentQueue


def said(admin: admins.Admin, email: str) -> str:
    """How the admin gets in."""
    if admin.password:
        return (
            f"{email} is an admin of {admin.organization}. First password: {admin.password}\n"
            "It is shown this once. Sign in and change it under Settings."
        )
    return (
        f"{email} was a member of {admin.organization} and is an admin now.\n"
        f"With this link a new password is chosen, once, within a day: {admin.link}"
    )


def main() -> int:
    """Make the admin and say the way in; 1 when it cannot be done."""
    parser = argparse.ArgumentParser(prog="datamind create-admin", description=__doc__)
    parser.add_argument("email")
    parser.add_argument("--organization", required=True, help="its name; a new one is founded")
    parser.add_argument("--name", default="", help="the person's name")
    given = parser.parse_args()
    try:
        dm = datamind.build(installation.settings(), SilentQueue())
        try:
            installation.prepare(dm)
            made = admins.create(
                dm, email=given.email, organization=given.organization, full_name=given.name
            )
        finally:
            datamind.close(dm)
    except DataMindError as problem:
        print(f"{problem.message} {problem.hint}".strip(), file=sys.stderr)
        return 1
    print(said(made, given.email))
    return 0


if __name__ == "__main__":
    sys.exit(main())
