"""Makes the vectors in this folder. Every verdict in them is another implementation's, none is ours.

    pip install --target site twilio==9.13.0 PyJWT==2.15.1 vonage-http-client==1.5.2
    PYTHONPATH=site python generate.py

All persons, numbers and secrets are invented. The time of every vector is NOW unless it says otherwise.
"""

import base64
import hashlib
import hmac
import importlib.metadata
import json
import random
import warnings
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import jwt
from multidict import MultiDict
from twilio.request_validator import RequestValidator, get_signature_algorithm
from vonage_http_client.auth import Auth

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
NOW = 1_795_000_000
CHANCE = random.Random(20261123)
WORDS = ["", " ", "Hej", "æøå ÆØÅ", "Jeg kan ikke komme på mandag.", "😀👍🏽", "a&b=c", "100% + 5", "l1\nl2\r\nl3",
         "+4520123456", "~*'()!-_.", "\u00a0", "x" * 700, "سلام", "Ð–þ", "=", "&", "%41", "ﬁ", "\x00"]


def write(name, origin, vectors):
    lines = ",\n".join("    " + json.dumps(one, ensure_ascii=False) for one in vectors)
    text = f'{{\n  "origin": {json.dumps(origin)},\n  "vectors": [\n{lines}\n  ]\n}}\n'
    (HERE / f"{name}.json").write_text(text, encoding="utf-8")


def version(package):
    return f"PyPI {package} {importlib.metadata.version(package)}"


def twilio():
    vectors = []

    def add(name, signed_url, seen_url, pairs, query="", token="invented-token", key=None, signed=None,
            settings="", signature=None, method="POST"):
        """Signs `signed` (else `pairs`) at `signed_url`; the verdict is on `pairs` at `seen_url`."""
        algorithm = get_signature_algorithm(settings)
        tail = f"?{query}" if query else ""
        made = RequestValidator(token).compute_signature(
            signed_url + tail, MultiDict(pairs if signed is None else signed), algorithm)
        given = made if signature is None else signature(made)
        checker = RequestValidator(token if key is None else key)
        valid = checker.validate(seen_url + tail, MultiDict(pairs), given, algorithm)
        vectors.append({"name": name, "method": method, "public_url": seen_url, "query": query,
                        "body": urlencode(pairs) if method == "POST" else "", "key": token if key is None else key,
                        "settings": settings, "signature": given, "valid": bool(valid)})

    text = [("MessageSid", "SM00000000000000000000000000000001"), ("AccountSid", "AC1"), ("From", "+4520123456"),
            ("To", "+4570000001"), ("Body", "Hej, jeg hedder Åse Ødegård 😀"), ("NumMedia", "0"), ("FromCountry", "DK")]
    url = "https://borger.example.org/sms/twilio/x1"
    add("a text", url, url, text)
    add("GET, the parameters in the query", url, url, [], query=urlencode(text), method="GET")
    add("GET, percent signs as they came", url, url, [], query="Body=%c3%a6%20%2B&x=", method="GET")
    add("a form and a query", url, url, text, query="token=abc%20d")
    add("no parameters", url, url, [])
    add("empty values", url, url, [("Body", ""), ("From", ""), ("To", "+45")])
    add("a repeated key", url, url, text + [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "B")])
    add("a repeated key with the same value", url, url, text + [("MediaUrl", "b"), ("MediaUrl", "b")])
    add("parameters nobody knows", url, url, text + [("ÆØÅ", "1"), ("zz", "2"), ("A", "3"), ("Body2", "4"), ("_", "5")])
    for scheme, port in (("https", "443"), ("https", "8443"), ("http", "80"), ("http", "8080")):
        bare = f"{scheme}://borger.example.org/sms"
        ported = f"{scheme}://borger.example.org:{port}/sms"
        add(f"signed with {port}, seen without", ported, bare, text)
        add(f"signed without, seen with {port}", bare, ported, text)
        add(f"signed and seen with {port}", ported, ported, text)
    add("no path", "https://borger.example.org", "https://borger.example.org", text)
    add("http for https", url.replace("https", "http"), url, text)
    add("https for http", url, url.replace("https", "http"), text)
    add("another host", "https://other.example.org/sms/twilio/x1", url, text)
    add("another path", url + "/", url, text)
    add("another key", url, url, text, key="another")
    add("a value changed", url, url, text, signed=text[:4] + [("Body", "Hej")] + text[5:])
    add("a parameter more", url, url, text + [("X", "1")], signed=text)
    add("a parameter less", url, url, text[:-1], signed=text)
    add("cut off", url, url, text, signature=lambda made: made[:-4])
    add("empty signature", url, url, text, signature=lambda made: "")
    add("not base64", url, url, text, signature=lambda made: "€" + made[1:])
    add("a bit off", url, url, text, signature=lambda made: ("A" if made[0] != "A" else "B") + made[1:])
    add("lower case", url, url, text, signature=lambda made: made.lower())
    shared = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    add("a key of its own, SHA-256", url, url, text, settings=shared)
    add("a key of its own, no algorithm named", url, url, text, settings="key=webhooks_sharedkey_1")
    add("a key of its own, wrong", url, url, text, settings=shared, key="another")
    add("a key of its own, SHA-1 for SHA-256", url, url, text, settings=shared,
        signature=lambda made: RequestValidator("invented-token").compute_signature(url, MultiDict(text)))
    for number in range(60):
        pairs = [(CHANCE.choice(["Body", "body", "From", "a", "ab", "b", "Ø"]), CHANCE.choice(WORDS))
                 for _ in range(CHANCE.randrange(9))]
        changed = None
        if pairs and number % 3 == 0:
            changed = [*pairs[:-1], (pairs[-1][0], pairs[-1][1] + "!")]
        add(f"by chance {number}", url, url, pairs, signed=changed, token=CHANCE.choice(["t", "æøå", "k" * 200]))
    write("twilio", version("twilio") + ", RequestValidator.compute_signature and .validate", vectors)


def unsigned_part(part):
    return base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode()


def tokens():
    vectors = []

    def add(name, token, key="invented", ours=None):
        try:
            payload = jwt.decode(token, key, algorithms=["HS256"])
            accepted = True
        except Exception:  # whatever the reason, the verdict is no
            payload, accepted = None, False
        one = {"name": name, "token": token, "key": key, "accepted": accepted, "payload": payload}
        if ours is not None:
            one["ours"] = ours  # where we decide otherwise on purpose; the test names each
        vectors.append(one)

    def made(payload, key="invented", algorithm="HS256", headers=None):
        return jwt.encode(payload, key, algorithm=algorithm, headers=headers)

    def by_hand(head, payload, key="invented", digest=hashlib.sha256):
        signed = f"{unsigned_part(head)}.{unsigned_part(payload)}"
        tag = hmac.new(key.encode(), signed.encode(), digest).digest()
        return f"{signed}.{base64.urlsafe_b64encode(tag).rstrip(b'=').decode()}"

    text = {"id": 1000001, "msisdn": 4520123456, "receiver": 4570000001, "message": "Hej æøå 😀 \"x\"\n", "senttime": NOW}
    add("a text", made(text))
    add("the key may be one word", made(text, key="secret"), key="secret")
    add("a key with æøå", made(text, key="nøgle å"), key="nøgle å")
    add("an empty object", made({}))
    add("no typ", by_hand('{"alg":"HS256"}', json.dumps(text)))
    add("kid and unknown fields", made(text, headers={"kid": "1", "x": [1]}))
    add("holds until 2100", made({**text, "exp": 4102444800}))
    add("held until 2001", made({**text, "exp": 1000000000}))
    add("holds from 2100", made({**text, "nbf": 4102444800}))
    add("held from 2001", made({**text, "nbf": 1000000000}))
    add("exp is no number", by_hand('{"alg":"HS256"}', '{"exp":"soon"}'))
    add("another key", made(text, key="another"))
    add("HS384", made(text, algorithm="HS384"))
    add("HS512", made(text, algorithm="HS512"))
    add("none", made(text, key=None, algorithm="none"))
    for word in ("none", "None", "NONE", "hs256", "RS256", "", "HS512", "HS256 "):
        add(f"signed by HS256, says {word!r}", by_hand(json.dumps({"alg": word}), json.dumps(text)))
    add("SHA-512, says HS256", by_hand('{"alg":"HS256"}', json.dumps(text), digest=hashlib.sha512))
    add("SHA-1, says HS256", by_hand('{"alg":"HS256"}', json.dumps(text), digest=hashlib.sha1))
    add("no alg", by_hand("{}", json.dumps(text)))
    add("alg is a list", by_hand('{"alg":["HS256"]}', json.dumps(text)))
    add("crit", by_hand('{"alg":"HS256","crit":["x"],"x":1}', json.dumps(text)))
    add("head is a list", by_hand('["HS256"]', json.dumps(text)))
    add("head is no JSON", by_hand("HS256", json.dumps(text)))
    good = made(text)
    head, payload, tag = good.split(".")
    other = unsigned_part(json.dumps({**text, "message": "andet"}))
    add("payload changed", f"{head}.{other}.{tag}")
    add("signature missing", f"{head}.{payload}.")
    add("two parts", f"{head}.{payload}")
    add("four parts", f"{good}.{tag}")
    add("one part", head)
    add("signature cut off", good[:-2])
    add("an empty payload part", f"{head}..{tag}")
    add("rubbish", "...")
    add("not base64", f"{head}.{payload}.æøå€")
    add("standard alphabet", f"{head}.{payload}.{tag[:-2]}+/")
    add("payload is a list", by_hand('{"alg":"HS256"}', "[1]"), ours=True)
    add("padded signature", good + "=", ours=False)
    for number in range(30):
        body = {CHANCE.choice(["message", "id", "x", "æ"]): CHANCE.choice(WORDS) for _ in range(4)}
        key = CHANCE.choice(["k", "nøgle", "x" * 300])
        token = made(body, key=key)
        if number % 3 == 0:
            at = CHANCE.randrange(len(token) - 2)
            swapped = "A" if token[at] != "A" else "B"
            token = token[:at] + swapped + token[at + 1:]
        add(f"by chance {number}", token, key=key)
    write("jwt", version("PyJWT") + ", jwt.decode(algorithms=['HS256'])", vectors)


def vonage():
    vectors = []

    def add(name, pairs, algorithm="sha256", secret="invented-secret", key=None, signed=None, sig=None, method="GET",
            now=NOW, ours=None):
        auth = Auth(api_key="k", signature_secret=secret, signature_method=algorithm)
        made = auth.sign_params(dict(pairs if signed is None else signed))
        given = made if sig is None else sig(made)
        checker = Auth(api_key="k", signature_secret=secret if key is None else key, signature_method=algorithm)
        all_pairs = [*pairs, ("sig", given)]
        valid = checker.check_signature(dict(all_pairs))
        CHANCE.shuffle(all_pairs)
        as_json = method == "JSON"
        written = json.dumps(dict(all_pairs)) if as_json else urlencode(all_pairs)
        method = "POST" if as_json else method
        vectors.append({"name": name, "method": method, "json": as_json, "query": written if method == "GET" else "",
                        "body": written if method == "POST" else "", "key": secret if key is None else key,
                        "now": now, "valid": valid, **({} if ours is None else {"ours": ours})})

    text = [("msisdn", "4520123456"), ("to", "4570000001"), ("messageId", "0A0000000123ABCD1"),
            ("text", "Hej æøå 😀 & a=b"), ("type", "unicode"), ("keyword", "HEJ"), ("api-key", "abcd1234"),
            ("message-timestamp", "2026-11-18 12:26:40"), ("timestamp", str(NOW)), ("nonce", "aaaaaaaa-bbbb")]
    part = text + [("concat", "true"), ("concat-ref", "17"), ("concat-total", "3"), ("concat-part", "2")]
    for algorithm in ("sha256", "sha512"):
        for method in ("GET", "POST", "JSON"):
            add(f"a text, {algorithm}, {method}", text, algorithm, method=method)
        add(f"a part, {algorithm}", part, algorithm)
        add(f"upper case, {algorithm}", text, algorithm, sig=str.upper)
        add(f"another key, {algorithm}", text, algorithm, key="another")
        add(f"a value changed, {algorithm}", text, algorithm, signed=[*text[:3], ("text", "Hej"), *text[4:]])
        add(f"a parameter more, {algorithm}", part, algorithm, signed=text)
        add(f"a parameter less, {algorithm}", text, algorithm, signed=part)
        add(f"cut off, {algorithm}", text, algorithm, sig=lambda made: made[:-2])
        add(f"no signature, {algorithm}", text, algorithm, sig=lambda made: "", ours="Missing")
        add(f"no hexadecimal, {algorithm}", text, algorithm, sig=lambda made: "g" + made[1:])
    add("numbers in JSON", [("text", "x"), ("n", 17), ("timestamp", NOW)], method="JSON")
    add("numbers in JSON, changed", [("text", "x"), ("n", 17), ("timestamp", NOW)], method="JSON",
        signed=[("text", "x"), ("n", 18), ("timestamp", NOW)])
    add("an empty text", [("text", ""), ("timestamp", str(NOW))])
    add("only signs that are softened", [("text", "&=&="), ("timestamp", str(NOW))])
    # A softened sign is not told from an underscore: Vonage's scheme, kept as it is.
    add("softened for underscore", [("text", "a_b"), ("timestamp", str(NOW))], signed=[("text", "a&b"), ("timestamp", str(NOW))])
    add("299 seconds old", text, now=NOW + 299)
    add("301 seconds old", text, now=NOW + 301, ours="Stale")
    add("301 seconds ahead", text, now=NOW - 301, ours="Stale")
    add("the time is no number", [("text", "x"), ("timestamp", "2026-11-18 12:26:40")], ours="Wrong")
    add("keyed MD5", text, "md5", ours="Weak")
    add("keyed SHA-1", text, "sha1", ours="Weak")
    for number in range(40):
        pairs = [(key, CHANCE.choice(WORDS)) for key in CHANCE.sample(["text", "Text", "a", "ab", "a-b", "to", "æ"], 4)]
        pairs.append(("timestamp", str(NOW)))
        changed = [(pairs[0][0], pairs[0][1] + "!"), *pairs[1:]] if number % 3 == 0 else None
        add(f"by chance {number}", pairs, CHANCE.choice(["sha256", "sha512"]), signed=changed,
            secret=CHANCE.choice(["s", "nøgle", "x" * 200]), method=CHANCE.choice(["GET", "POST", "JSON"]))
    write("vonage", version("vonage-http-client") + ", Auth.sign_params and .check_signature", vectors)


def digests():
    vectors = []
    recipes = {"gatewayapi": ("sha256", "hex", "v1=", False), "android": ("sha256", "hex", "", True),
               "sha1": ("sha1", "base64", "", False), "sha512": ("sha512", "base64", "sha512=", True)}
    for recipe, (algorithm, encoding, prefix, timed) in recipes.items():
        for number in range(14):
            key = CHANCE.choice(["k", "nøgle", "x" * 300])
            body = CHANCE.choice([b"", b"{}", '{"text":"æøå 😀"}'.encode(), bytes(range(256)), b"x" * 5000, b"a\r\n"])
            seconds = NOW + CHANCE.choice([0, 0, -299, 300])
            tag = hmac.new(key.encode(), body + (str(seconds).encode() if timed else b""), algorithm).digest()
            written = tag.hex() if encoding == "hex" else base64.b64encode(tag).decode()
            vectors.append({"name": f"{recipe} {number}", "algorithm": algorithm, "encoding": encoding,
                            "prefix": prefix, "timed": timed, "key": key, "body": base64.b64encode(body).decode(),
                            "timestamp": str(seconds), "signature": prefix + written})
    write("hmac", "Python's own hmac and hashlib (OpenSSL)", vectors)


twilio()
tokens()
vonage()
digests()
