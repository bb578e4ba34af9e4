#!/usr/bin/env python3
"""Writes numbers.json: what the library phonenumbers makes of senders. Not part of the build; to renew the data:

    pip install --target /tmp/oracle phonenumbers
    PYTHONPATH=/tmp/oracle python3 numbers.py > numbers.json

The Danish, Faroese and Greenlandic numbers and the spellings are invented here; the foreign numbers are the library's own
examples, one mobile and one fixed line of each country. A reason is given by hand where we differ knowingly; a test
asserts that we differ there and nowhere else.
"""

import json

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

REASONS = {
    "series": "The library knows which series are assigned; we do not ask, because plans change and a new series must not go unanswered.",
    "letters": "Letters are a name or an extension to us, never keypad digits: a name is not answered.",
    "home_zero": "A zero dialled at home stands after the country code. Only the plan of that country tells; we take the number as it is.",
    "bracketed_zero": "A zero in brackets after the country code is left out by us; the library keeps it for countries without such a zero.",
    "address": "An address, not a number: the same digits somewhere else are somebody else's.",
    "several": "More than one number, of which the library takes one.",
    "scheme": "An address by a scheme that the library does not read, or a local number in a place that it knows.",
    "signs": "Signs that no number is written with; the library skips them.",
    "spaces": "A space that does not break, or a thin one, is a space to us.",
    "plan": "The library knows the plan of that country; we look at the country code and the length only.",
    "nine": "Nine digits without plus are rather a Danish number with a digit too many than one of a country with a code of two digits.",
    "short": "Too short for a telephone that sends texts; rather a short code with its country code.",
}


def entry(raw, reason=None, asked=None):
    """What the library says of `asked`, by default what was written itself, as seen from Denmark."""
    try:
        number = phonenumbers.parse(asked or raw, "DK")
    except phonenumbers.NumberParseException:
        number = None
    valid = number is not None and phonenumbers.is_valid_number(number)
    line = {"raw": raw}
    if asked is not None:
        line["asked"] = asked
    line["e164"] = phonenumbers.format_number(number, PhoneNumberFormat.E164) if valid else None
    if valid:
        line["type"] = PhoneNumberType.to_string(phonenumbers.number_type(number)).lower()
    if reason is not None:
        line["reason"] = reason
    return line


entries = []


def add(raw, reason=None, asked=None):
    entries.append(entry(raw, reason, asked))


# Every series of the three plans, in changing spellings.
SPELLINGS = ["{}", "+{cc}{}", "{cc}{}", "00{cc}{}", "+{cc} {}", "(+{cc}) {}", "00 {cc} {}", "+{cc}-{}"]
turn = 0
for cc, length, first in [("45", 8, 10), ("298", 6, 10), ("299", 6, 10)]:
    for start in range(first, 100):
        national = f"{start}1234567"[:length]
        turn += 1
        spelling = SPELLINGS[turn % len(SPELLINGS)]
        if cc != "45" and spelling == "{}":
            spelling = "+{cc}{}"
        raw = spelling.format(national, cc=cc)
        asked = "+" + raw if raw.startswith(cc) and len(raw) == len(cc) + length else None
        accepted = start >= 20 or (cc == "299" and start < 20)
        valid = entry(raw, asked=asked)["e164"] is not None
        add(raw, "series" if accepted and not valid else None, asked)
for national in ["26123456", "45201234", "45454545", "46701234", "47123456", "49123456", "98765432", "22334455"]:
    for spelling in SPELLINGS:
        raw = spelling.format(national, cc="45")
        add(raw, asked="+" + raw if raw == "45" + national else None)
for number in ["+298901115", "+298802123", "+299801234", "+4580123456", "80 12 34 56", "90 12 34 56", "4590123456"]:
    add(number, asked="+" + number if number[0] in "24" else None)

# Spellings.
for raw in [
    "20 12 34 56", "20.12.34.56", "20-12-34-56", "2012 3456", "20/123456", "(20)123456", "20\u300012\u300034\u300056", "20\u00a012\u00a034\u00a056",
    "+45 20 12 34 56", "+45.20.12.34.56", "+45 (20) 123456", "(+45) 20123456", "(0045) 20123456",
    "[+45] 20123456", "+45\u201120\u201312\u201434\u201556", "+45\u221220123456", "++4520123456", "＋４５２０１２３４５６",
    "٢٠١٢٣٤٥٦", "+۴۵۲۰۱۲۳۴۵۶", "२०१२३४५६", "+45 ２０１２３４５６", " +4520123456 ", "+4520123456\r\n", "\u200e+4520123456",
    "\u202a+4520123456\u202c", "20\u200b123456", "tel:+4520123456", "tel:+45-20-12-34-56", "tel:20123456",
    "tel:+4520123456;phone-context=example.org", "+ 45 20123456", "~20123456", "20\u00ad123456",
]:
    add(raw)
for raw, reason in [
    ("+45(0)20123456", "bracketed_zero"), ("+45 (0) 20 12 34 56", "bracketed_zero"), ("0045(0)20123456", "bracketed_zero"),
    ("+46(0)701234567", None), ("+49 (0) 151 23456789", None), ("+44 (0)7400 123456", None), ("+39 (0) 312 345 6789", "bracketed_zero"),
    ("+460701234567", "home_zero"), ("+4907400123456", "home_zero"), ("+45020123456", None), ("+4407400123456", "home_zero"),
    ("+004520123456", None), ("20123456@gateway.example", None), ("20123456@192.0.2.1", None),
    ("sip:+4520123456@ims.example", "scheme"), ("sip:20123456@pbx.example", None), ("sms:+4520123456?body=hej", "scheme"),
    ("tel:20123456;phone-context=+46", "address"), ("tel:20123456;phone-context=+45", "scheme"),
    ("20123456 ext. 12", "letters"), ("20123456 lokal 12", None), ("+45 20 TAXA 12", "letters"), ("20123456x12", "letters"),
    ("20123456#12", "signs"), ("20123456, 20123457", "several"), ("20123456/20123457", None),
    ("20123456;20123457", "several"), ("mobil 20123456", "letters"), ("Tlf.: 20 12 34 56", "letters"),
    ("20123456 (Jens)", None), ("*20123456", "signs"), ("#20123456", "signs"), ("20123456+", "signs"), ("20*123456", "signs"),
    ("+12425550123", "plan"), ("+12005550123", "plan"), ("+46000000000", "plan"), ("+4799999999", None),
    ("20\u202f12\u202f34\u202f56", "spaces"), ("20\u200912\u200934\u200956", "spaces"),
]:
    add(raw, reason)

add("298901299", "series", "+298901299")
add("12024561111", None, "+12024561111")
for raw in ["+4930123", "+49301234", "+43662123"]:
    add(raw, "short")
for digits in ["493012345", "431234567", "436621234"]:
    add("+" + digits)
    add(digits, "nine", "+" + digits)

# Nothing that has a number, by the library or by us.
for raw in [
    "", " ", "1204", "112", "113", "114", "116111", "116117", "118", "1813", "1881", "+451204", "+45112", "00451204", "5", "45", "0", "00",
    "+", "++", "0045", "+45", "-", "()", "anonymous", "Anonymous", "unknown", "private", "withheld", "skjult", "SKAT", "Borger.dk",
    "Hjælp", "Sundhed", "citizen@mail.example", "2012345", "+452012345", "201234567", "+45201234567", "10123456", "+4510123456",
    "00123456", "01234567", "0701234567", "+20123456", "20+123456", "+2982123456", "+29821234", "+299012345", "+210123456789",
    "+4912345678901234", "+491234567890123456", "45201234564520123456", "+1202555012", "+4671700", "*100#", "0000000000",
    "+999123456789", "999", "99999", "123456", "1234567", "📞", "null", "+0", "+1", "tel:", "sip:anonymous@anonymous.invalid",
]:
    add(raw)

# The rest of the world.
for region in sorted(phonenumbers.SUPPORTED_REGIONS):
    for kind in [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]:
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        national = len(e164) - 1 - len(str(number.country_code))
        short = "short" if national < {1: 10, 2: 7, 3: 4}[len(str(number.country_code))] else None
        add(written, short)
        if kind == PhoneNumberType.MOBILE:
            nine = len(e164) == 10 and number.country_code < 100
            # A number of less than nine digits without plus is nobody's but a Dane's.
            if len(e164) >= 10:
                add(e164[1:], short or ("nine" if nine else None), e164)

seen = set()
lines = []
for one in entries:
    if one["raw"] not in seen:
        seen.add(one["raw"])
        lines.append(json.dumps(one, ensure_ascii=False, separators=(",", ":")))

origin = f"PyPI phonenumbers {phonenumbers.__version__} (Apache-2.0), default region DK, run by numbers.py"
meaning = (
    "e164: what phonenumbers makes of raw when it holds the number valid, otherwise null; type: its kind of line; "
    "asked: what phonenumbers was asked instead of raw, namely the same with a plus, where gateways leave it out; "
    "reason: why we make something else of it (see reasons)"
)
print("{")
print(f'"origin": {json.dumps(origin)},')
print(f'"meaning": {json.dumps(meaning)},')
print('"reasons": {\n' + ",\n".join(f"{json.dumps(key)}: {json.dumps(why)}" for key, why in REASONS.items()) + "\n},")
print(f'"country_codes": {json.dumps(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))},')
print('"numbers": [\n' + ",\n".join(lines) + "\n]")
print("}")
