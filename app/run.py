"""`python -m app.run`: what `make run` starts. Says in a sentence what is in the way."""

import errno
import logging
import os
import socket
import sys

OLDEST_PYTHON = (3, 11)


def main() -> None:
    """Check the ground, open the house, and serve until stopped."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("DataMind needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    os.environ.setdefault("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "false")
    os.environ.setdefault("STREAMLIT_LOGGER_LEVEL", "error")

    from core.errors import BadSettings

    try:
        _serve()
    except BadSettings as problem:
        sys.exit(f"{problem.message} {problem.hint}")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
            raise
        sys.exit(
            f"A file cannot be written: {error.strerror} ({error.filename or 'no name'}). "
            "Free some space, or set DATAMIND_HOME to a folder that can be written."
        )


def _serve() -> None:
    import uvicorn

    # Streamlit warns of each library that is imported before there is a session.
    logging.disable(logging.WARNING)
    from app.asgi import app, open_house
    from core import installation

    logging.disable(logging.NOTSET)

    settings = installation.settings()
    _require_free_port(settings.host, settings.port)
    house = open_house()
    _greet(house.dm)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        log_config=None,
        ws_max_size=settings.max_upload_mb * 1024 * 1024,
        timeout_graceful_shutdown=10,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        server_header=False,
    )


def _require_free_port(host: str, port: int) -> None:
    from core.errors import BadSettings

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(
                f"Port {port} on {host} cannot be used: {error.strerror}.",
                f"Stop what listens there, or choose another: make run PORT={port + 99}",
            ) from error


def _greet(dm: object) -> None:
    from core import registration
    from core.datamind import DataMind
    from core.demo import organization as demo

    assert isinstance(dm, DataMind)
    settings = dm.settings
    print(f"\n  DataMind is ready: http://{settings.host}:{settings.port}\n")
    if registration.mode(dm) == "code":
        print(f"  Code for the first admin (at {settings.address}/register):")
        print(f"    {registration.code(dm)}\n")
    sign_in = demo.sign_in(dm)
    if sign_in:
        print("  Demo sign-in (or press “Try the demo”):")
        for email in sign_in.emails:
            print(f"    {email:24} {sign_in.password}")
        print(
            f"  Kept in {settings.datamind_home / demo.SIGN_IN_FILE}; sample files to upload are in"
        )
        print(f"  {settings.datamind_home / 'samples'}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
