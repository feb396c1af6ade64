"""The events of the pipeline: strict readers of their bytes, and writers of what a client sends.

Each reader returns a dict with the fields of the contract, with defaults filled in, or raises InvalidEvent. Fields that
the contract does not know are ignored.
"""

import json
import re

OWN_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
FOREIGN_ID = re.compile(r"[!#-\[\]-~]{1,128}")
HASH = re.compile(r"[0-9a-f]{64}")
CURRENCY = re.compile(r"[A-Z]{3}|[A-Za-z][A-Za-z0-9._-]{3,31}")
# Any script, without control characters and halves of surrogate pairs. Python counts code points.
TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")
PRIZE_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,100}")

INT32 = 2**31 - 1
INT64 = 2**63 - 1
MAX_SHARES = 1_000_000
MAX_TOTAL_CENTS = 2**53 - 1
MAX_OPEN_FOR_MILLIS = 31 * 24 * 60 * 60 * 1000
DEFAULT_OPEN_FOR_MILLIS = 24 * 60 * 60 * 1000
MAX_TIME_MILLIS = 253_402_300_799_999
MAX_PRIZES = 1_000
MAX_ONLY_USERS = 1_000


class InvalidEvent(Exception):
    """The bytes are not an event of the contract. The message gives the reason."""


def read_command(value):
    """Reads a command. Impossible terms are readable: the pipeline answers them with `rejected`."""
    return _read(value, _command)


def read_grab(value):
    return _read(value, _grab)


def read_award(value):
    return _read(value, _award)


def read_packet_event(value):
    return _read(value, _packet_event)


def read_stats(value):
    return _read(value, _stats)


def write_open(command):
    """The bytes of an open command. Raises InvalidEvent if the pipeline would reject its terms."""
    reason = reason_to_reject(_open(command))
    if reason:
        raise InvalidEvent(f"the pipeline would reject this: {reason}")
    return _write(command)


def write_cancel(command):
    return _write(_CANCEL("the value", command))


def write_grab(grab):
    return _write(_grab(grab))


def reason_to_reject(command):
    """Why no packet can have these terms; None if one can."""
    if command["shares"] < 1:
        return "NO_SHARES"
    if command["shares"] > MAX_SHARES:
        return "TOO_MANY_SHARES"
    if command["totalCents"] < command["shares"] and "prizes" not in command:
        return "FEWER_CENTS_THAN_SHARES"
    if command["totalCents"] > MAX_TOTAL_CENTS:
        return "TOO_MANY_CENTS"
    if not 1 <= command["openForMillis"] <= MAX_OPEN_FOR_MILLIS:
        return "IMPOSSIBLE_DURATION"
    # The broker's clock decides whether a start is too late.
    if not 0 <= command.get("startsAtMillis", 0) <= MAX_TIME_MILLIS:
        return "IMPOSSIBLE_START"
    if not _has_possible_bounds(command):
        return "IMPOSSIBLE_BOUNDS"
    if not _has_possible_prizes(command):
        return "IMPOSSIBLE_PRIZES"
    users = command.get("onlyUsers")
    if users is not None and not (1 <= len(users) <= MAX_ONLY_USERS and len(set(users)) == len(users)):
        return "IMPOSSIBLE_USERS"
    return None


def _has_possible_bounds(command):
    if "minCents" not in command and "maxCents" not in command:
        return True
    least = command.get("minCents", 1)
    most = command.get("maxCents", command["totalCents"])
    return (
        command["split"] == "RANDOM"
        and 1 <= least <= most
        and command["shares"] * least <= command["totalCents"] <= command["shares"] * most
    )


def _has_possible_prizes(command):
    prizes = command.get("prizes")
    if prizes is None or command["split"] != "PRIZES":
        return prizes is None and command["split"] != "PRIZES"
    return (
        1 <= len(prizes) <= MAX_PRIZES
        and all(prize["cents"] >= 0 and prize["count"] >= 1 for prize in prizes)
        and command["totalCents"] == _cents_of(prizes) >= 1
        and command["shares"] == _shares_of(prizes)
    )


def _cents_of(prizes):
    return sum(prize["cents"] * prize["count"] for prize in prizes)


def _shares_of(prizes):
    return sum(prize["count"] for prize in prizes)


def _write(event):
    return json.dumps(event, separators=(",", ":")).encode()


def _read(value, to_event):
    if value is None:
        raise InvalidEvent("the value is null")
    try:
        fields = json.loads(value.decode(), object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as e:
        raise InvalidEvent(f"not JSON: {e}") from e
    return to_event(fields)


def _without_duplicates(pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise InvalidEvent("a field is there twice")
    return fields


def _refuse_constant(name):
    raise InvalidEvent(f"not JSON: {name}")


# Rules. Each takes the name and the value of a field, and returns the value or raises InvalidEvent.


def _text(pattern, what):
    def rule(name, value):
        _require(isinstance(value, str) and pattern.fullmatch(value), f"{name} is no {what}")
        return value

    return rule


_own_id = _text(OWN_ID, "id of a packet or a campaign")
_foreign_id = _text(FOREIGN_ID, "id of a user or a grab")
_hash = _text(HASH, "SHA-256 in lower-case hex")
_currency = _text(CURRENCY, "currency")
_title = _text(TEXT, "text of 1 to 200 characters")
_prize_name = _text(PRIZE_NAME, "text of 1 to 100 characters")
_sentence = _text(re.compile(".*", re.DOTALL), "string")


def _whole(least, most=INT64):
    def rule(name, value):
        # A bool is an int in Python.
        _require(type(value) is int and least <= value <= most, f"{name} is no whole number from {least} to {most}")
        return value

    return rule


def _list_of(rule):
    def list_of(name, value):
        _require(isinstance(value, list), f"{name} is no list")
        return [rule(name, element) for element in value]

    return list_of


def _one_of(*values):
    def rule(name, value):
        _require(isinstance(value, str) and value in values, f"{name} is none of {', '.join(values)}")
        return value

    return rule


def _boolean(name, value):
    _require(isinstance(value, bool), f"{name} is neither true nor false")
    return value


def _optional(rule, default=None):
    def optional(name, value):
        return default if value is None else rule(name, value)

    return optional


def _record(**rules):
    """An object with these fields. The result leaves out optional fields that are absent and have no default."""

    def record(name, value):
        _require(isinstance(value, dict), f"{name} is no object")
        checked = {field: rule(field, value.get(field)) for field, rule in rules.items()}
        return {field: value for field, value in checked.items() if value is not None}

    return record


def _require(condition, fault):
    if not condition:
        raise InvalidEvent(fault)


_OUTCOMES = _one_of(
    "AWARDED",
    "ALREADY_GRABBED",
    "SOLD_OUT",
    "EXPIRED",
    "UNKNOWN_PACKET",
    "NOT_STARTED",
    "NOT_ELIGIBLE",
    "CANCELLED",
)
_SPLITS = _one_of("RANDOM", "EQUAL", "PRIZES")
_REASONS = _one_of(
    "NO_SHARES",
    "TOO_MANY_SHARES",
    "FEWER_CENTS_THAN_SHARES",
    "TOO_MANY_CENTS",
    "IMPOSSIBLE_DURATION",
    "IMPOSSIBLE_START",
    "IMPOSSIBLE_BOUNDS",
    "IMPOSSIBLE_PRIZES",
    "IMPOSSIBLE_USERS",
    "OTHER_TERMS",
)
_CLOSED_BY = ("CANCELLED", "SOLD_OUT", "EXPIRED")
_CANCEL_OUTCOMES = _one_of(*_CLOSED_BY, "OTHER_SENDER", "UNKNOWN_PACKET")
_SHARE = _record(index=_whole(0, INT32), cents=_whole(0), prize=_optional(_prize_name))
_LUCKIEST = _record(userId=_foreign_id, share=_SHARE)

_ANY_PRIZE = _record(
    cents=_whole(-INT64 - 1), count=_whole(-INT32 - 1, INT32), name=_optional(_prize_name)
)
_PRIZE = _record(cents=_whole(0), count=_whole(1, INT32), name=_optional(_prize_name))

_OPEN = _record(
    packetId=_own_id,
    senderId=_foreign_id,
    totalCents=_whole(-INT64 - 1),
    shares=_whole(-INT32 - 1, INT32),
    split=_optional(_SPLITS, "RANDOM"),
    campaign=_optional(_own_id),
    openForMillis=_optional(_whole(-INT64 - 1), DEFAULT_OPEN_FOR_MILLIS),
    startsAtMillis=_optional(_whole(-INT64 - 1)),
    minCents=_optional(_whole(-INT64 - 1)),
    maxCents=_optional(_whole(-INT64 - 1)),
    prizes=_optional(_list_of(_ANY_PRIZE)),
    onlyUsers=_optional(_list_of(_foreign_id)),
    currency=_optional(_currency),
    title=_optional(_title),
)

_CANCEL = _record(type=_one_of("cancel"), packetId=_own_id, senderId=_foreign_id, reason=_title)

_GRAB = _record(grabId=_foreign_id, packetId=_own_id, userId=_foreign_id)

_AWARD = _record(
    packetId=_own_id,
    grabId=_foreign_id,
    userId=_foreign_id,
    campaign=_optional(_own_id),
    currency=_optional(_currency),
    outcome=_OUTCOMES,
    share=_optional(_SHARE),
    repeat=_boolean,
    grabbedAtMillis=_whole(0),
    grabOffset=_whole(0),
)

_EVENTS = {
    "opened": _record(
        type=_one_of("opened"),
        packetId=_own_id,
        senderId=_foreign_id,
        totalCents=_whole(1),
        shares=_whole(1, INT32),
        split=_SPLITS,
        campaign=_optional(_own_id),
        openedAtMillis=_whole(0),
        deadlineMillis=_whole(1),
        commitment=_hash,
        openOffset=_whole(0),
        startsAtMillis=_optional(_whole(0)),
        minCents=_optional(_whole(1)),
        maxCents=_optional(_whole(1)),
        prizes=_optional(_list_of(_PRIZE)),
        onlyUsers=_optional(_record(count=_whole(1, INT32), hash=_hash)),
        currency=_optional(_currency),
        title=_optional(_title),
    ),
    "sold-out": _record(
        type=_one_of("sold-out"),
        packetId=_own_id,
        campaign=_optional(_own_id),
        currency=_optional(_currency),
        awardedShares=_whole(1, INT32),
        awardedCents=_whole(1),
        closedAtMillis=_whole(0),
        elapsedMillis=_whole(0),
        luckiest=_LUCKIEST,
        seed=_hash,
    ),
    "expired": _record(
        type=_one_of("expired"),
        packetId=_own_id,
        campaign=_optional(_own_id),
        currency=_optional(_currency),
        awardedShares=_whole(0, INT32),
        awardedCents=_whole(0),
        refundedCents=_whole(0),
        closedAtMillis=_whole(0),
        luckiest=_optional(_LUCKIEST),
        seed=_hash,
    ),
    "cancelled": _record(
        type=_one_of("cancelled"),
        packetId=_own_id,
        campaign=_optional(_own_id),
        currency=_optional(_currency),
        awardedShares=_whole(0, INT32),
        awardedCents=_whole(0),
        refundedCents=_whole(0),
        closedAtMillis=_whole(0),
        fromGrabOffset=_whole(0),
        reason=_title,
        openOffset=_whole(0),
        luckiest=_optional(_LUCKIEST),
        seed=_hash,
    ),
    "cancel-answered": _record(
        type=_one_of("cancel-answered"),
        packetId=_own_id,
        outcome=_CANCEL_OUTCOMES,
        sums=_optional(_record(awardedShares=_whole(0, INT32), awardedCents=_whole(0), refundedCents=_whole(0))),
        openOffset=_whole(0),
    ),
    "rejected": _record(
        type=_one_of("rejected"), packetId=_own_id, reason=_REASONS, detail=_sentence, openOffset=_whole(0)
    ),
}

_RESULTS = (
    "awarded",
    "alreadyGrabbed",
    "soldOut",
    "expired",
    "unknownPacket",
    "repeats",
    "notStarted",
    "notEligible",
    "cancelled",
)
_OTHER_COUNTERS = (
    "grabs",
    "awardedCents",
    "packetsOpened",
    "packetsSoldOut",
    "packetsExpired",
    "refundedCents",
    "packetsCancelled",
)
_STATS = _record(
    scope=_text(re.compile(f"(all|campaign/{OWN_ID.pattern})(/({CURRENCY.pattern}))?"), "scope"),
    windowStartMillis=_whole(0),
    windowMillis=_whole(1),
    revision=_whole(1),
    closed=_boolean,
    counters=_record(**{counter: _whole(0) for counter in _RESULTS + _OTHER_COUNTERS}),
)


def _command(fields):
    _require(isinstance(fields, dict), "the value is no object")
    kind = _one_of("open", "cancel")("type", "open" if fields.get("type") is None else fields["type"])
    return _open(fields) if kind == "open" else _CANCEL("the value", fields)


def _open(fields):
    """Total and number of shares follow from the prizes, and the split is PRIZES if there are any."""
    _require(isinstance(fields, dict), "the value is no object")
    prizes = _optional(_list_of(_ANY_PRIZE))("prizes", fields.get("prizes"))
    derived = {}
    if prizes is not None:
        derived = {
            "totalCents": max(-INT64 - 1, min(_cents_of(prizes), INT64)),
            "shares": max(-INT32 - 1, min(_shares_of(prizes), INT32)),
            "split": "PRIZES",
        }
    given = {name: value for name, value in fields.items() if value is not None}
    return _OPEN("the value", {**derived, **given})


def _grab(fields):
    return _GRAB("the value", fields)


def _award(fields):
    award = _AWARD("the value", fields)
    outcome = award["outcome"]
    has_share = outcome in ("AWARDED", "ALREADY_GRABBED")
    _require(("share" in award) == has_share, "only AWARDED and ALREADY_GRABBED have a share")
    _require(outcome == "AWARDED" or not award["repeat"], "only AWARDED can be a repeat")
    _require(outcome != "UNKNOWN_PACKET" or "campaign" not in award, "an unknown packet has no campaign")
    _require(outcome != "UNKNOWN_PACKET" or "currency" not in award, "an unknown packet has no currency")
    return award


def _packet_event(fields):
    _require(isinstance(fields, dict), "the value is no object")
    kind = _one_of(*_EVENTS)("type", fields.get("type"))
    event = _EVENTS[kind]("the value", fields)
    if kind == "opened":
        _require(("prizes" in event) == (event["split"] == "PRIZES"), "the split contradicts the prizes")
        _require("prizes" in event or event["totalCents"] >= event["shares"], "less than a cent for each share")
        start = max(event["openedAtMillis"], event.get("startsAtMillis", 0))
        _require(event["deadlineMillis"] > start, "the deadline is not after the start")
        _require(event.get("minCents", 1) <= event.get("maxCents", INT64), "minCents is more than maxCents")
    if kind == "cancel-answered":
        _require(("sums" in event) == (event["outcome"] in _CLOSED_BY), "the sums contradict the outcome")
    if kind in ("sold-out", "expired", "cancelled"):
        _require(("luckiest" in event) == (event["awardedShares"] > 0), "luckiest contradicts awardedShares")
    return event


def _stats(fields):
    stats = _STATS("the value", fields)
    counters = stats["counters"]
    _require(stats["windowStartMillis"] % stats["windowMillis"] == 0, "the window does not start at a multiple")
    _require(counters["grabs"] == sum(counters[result] for result in _RESULTS), "the results do not add up to grabs")
    return stats
