"""What goes wrong between us and the model's server, said so that a person can act on it.

Nothing of the server's own words is passed on: a server may repeat what it was sent.
"""

from dataclasses import dataclass
from typing import Final

import httpx2
from anthropic import APIConnectionError, APIStatusError, APITimeoutError

from core.errors import AnalystFailed

BUILT_IN: Final = "Try again in a minute, or ask the built-in analyst."
ADMIN: Final = "An admin can correct this in the settings of the installation: {}."


@dataclass(frozen=True)
class _Failure:
    message: str
    hint: str = BUILT_IN


TOO_SLOW: Final = _Failure("The model took too long to answer.")
CUT: Final = _Failure("The model's answer broke off before its end.")

_BY_STATUS: Final = {
    400: _Failure("The model's server could not work with the request.", BUILT_IN),
    401: _Failure(
        "The model's server did not accept the API key.", ADMIN.format("ANTHROPIC_API_KEY")
    ),
    402: _Failure(
        "The credit for the model is used up.",
        "An admin can add credit; the built-in analyst works without it.",
    ),
    403: _Failure(
        "The API key may not use this model.", ADMIN.format("ANTHROPIC_API_KEY and the model names")
    ),
    404: _Failure(
        "The model's server does not know this model.",
        ADMIN.format("MODEL_STRONG, MODEL_FAST, ANTHROPIC_BASE_URL"),
    ),
    413: _Failure(
        "The question and its tables are too much for the model at once.",
        "Ask about fewer things at a time.",
    ),
    429: _Failure("The model is being asked more often than its limits allow."),
    529: _Failure("The model is overloaded right now."),
}
_STATUS_OF_TYPE: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}


def failed(failure: _Failure) -> AnalystFailed:
    """The failure as the error that a person sees."""
    return AnalystFailed(failure.message, failure.hint)


def translated(error: Exception) -> AnalystFailed:
    """The error of the SDK, or of the transport under it, in our words."""
    match error:
        case APITimeoutError() | httpx2.TimeoutException():
            return failed(TOO_SLOW)
        case APIStatusError():
            return failed(_of_status(error))
        case APIConnectionError() | httpx2.ConnectError():
            return failed(_Failure("The model's server could not be reached."))
        case httpx2.HTTPError():
            return failed(CUT)
        case _:
            return failed(_Failure("The model's server answered in a way that cannot be read."))


def _of_status(error: APIStatusError) -> _Failure:
    """The failure of a status; an error inside a stream has the status 200 and only a type."""
    status = _STATUS_OF_TYPE.get(error.type or "", error.status_code)
    if error.status_code in _BY_STATUS:
        status = error.status_code
    out_of_credit = status == 400 and "credit balance" in (error.api_message or "")
    return _BY_STATUS.get(
        402 if out_of_credit else status,
        _Failure("The model's server has trouble right now."),
    )
