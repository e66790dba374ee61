"""Secrets of every kind, and an exchange that has each of them somewhere."""

import base64
import json

from mockgitlab.playback.exchange import Body, Exchange, Got, Part, Sent

TAIL = "x4Tq8ZbLm2Vw9KsNcR7d"
BY_PREFIX = {
    prefix: f"{prefix}{TAIL}{number:02d}"
    for number, prefix in enumerate(
        (
            "glpat-",
            "gloas-",
            "gldt-",
            "glrt-",
            "glrtr-",
            "glcbt-",
            "glptt-",
            "glft-",
            "glimt-",
            "glagent-",
            "glwt-",
            "glsoat-",
            "glffct-",
            "GR1348941",
            "acme-glpat-",
        )
    )
}
HEADER, ROUTABLE = "eyJhbGciOiJIUzI1NiJ9", f"glpat-{TAIL}_routable.01.0w1abcdef"
JWT = f"{HEADER}.eyJzdWIiOiJhZGEiLCJpYXQiOjF9.{TAIL}JWT"
KEY_BODY = "MIIEowIBAAKCAQEA7vPlantedKeyMaterial0\nQ9sPlantedKeyMaterial1Line2abcdef="
PRIVATE_KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_BODY}\n-----END RSA PRIVATE KEY-----\n"
BY_FORM = {
    "JWT": JWT,
    "private key, first line": KEY_BODY.splitlines()[0],
    "private key, second line": KEY_BODY.splitlines()[1],
    "e-mail": "grace.hopper@navy.example.org",
    "AWS": "AKIAQ7PLANTED0SECRET",
    "GitHub": "ghp_PlantedPlantedPlantedPlantedPlanted1",
    "Slack": "xoxb-2413-planted-Planted0",
    "routable": ROUTABLE,
}
BY_PLACE = {
    "header": "old-private-token-1",
    "job header": "jobtokeN11",
    "basic": "b4sic-passw0rd",
    "cookie": "c00kie5ession",
    "set-cookie": "sEtc00kie5ession",
    "query": "qu3ry-rss-token",
    "form": "f0rm-passw0rd",
    "json": "js0n-client-secret",
    "minted": "mint3d-in-an-answer",
    "oauth code": "c0de0f0auth",
    "variable": "the value of a variable",
    "signature": "f1dd1e5f1dd1e5f1dd1e5f1dd1e5",
    "url": "p4ss-in-url",
    "csrf": "csrf-t0ken-value==",
    "file": "t0ken-in-a-file-of-base64",
    "upload": "t0ken-in-an-upload",
    "trace": "t0ken-in-a-trace",
    "camel": "c4mel-case-secret",
    "graphql": "t0ken-in-a-query",
}
ALL = {**BY_PREFIX, **BY_FORM, **BY_PLACE}
P = BY_PLACE


def exchanges() -> list[Exchange]:
    """Return exchanges in which every secret stands, some in several places."""
    basic = base64.b64encode(f"ada:{P['basic']}".encode()).decode()
    content = base64.b64encode(f"password={P['file']}\n{PRIVATE_KEY}".encode()).decode()
    signed = f"https://storage.example.com/a?X-Amz-Credential={BY_FORM['AWS']}&X-Amz-Signature={P['signature']}"
    json_type = (("Content-Type", "application/json"),)
    headers = (
        ("Private-Token", P["header"]),
        ("Job-Token", P["job header"]),
        ("Authorization", f"Basic {basic}"),
        ("Cookie", f"_gitlab_session={P['cookie']}; theme=dark-theme-01"),
        ("X-Csrf-Token", P["csrf"]),
    )
    trace = f"export CI_JOB_TOKEN={P['trace']}\ncurl -H 'PRIVATE-TOKEN: {BY_PREFIX['glpat-']}'\n{PRIVATE_KEY}"
    trace += f'mutation {{ set(token: "{P["graphql"]}") }}\n'
    upload = Part("env.txt", "text/plain", f"API_TOKEN={P['upload']}".encode())
    binary = Part("a.bin", "application/octet-stream", b"\xff\0" + BY_PREFIX["gldt-"].encode() + b"\0")
    return [
        Exchange(
            Sent(
                "GET", f"/api/v4/users/{BY_FORM['e-mail'].replace('@', '%40')}", (("rss_token", P["query"]),), headers
            ),
            Got(
                200,
                (*json_type, ("Set-Cookie", f"_gitlab_session={P['set-cookie']}; path=/"), ("Location", signed)),
                Body(
                    "json",
                    {
                        "tokens": list(BY_PREFIX.values()),
                        "echo": f"{P['header']} and {P['query']}",
                        "forms": {name: value for name, value in BY_FORM.items() if "private key" not in name},
                    },
                ),
            ),
        ),
        Exchange(
            Sent(
                "POST",
                "/oauth/token",
                (),
                (("Content-Type", "application/x-www-form-urlencoded"),),
                Body("form", (("grant_type", "password"), ("password", P["form"]), ("code", P["oauth code"]))),
            ),
            Got(
                200,
                json_type,
                Body(
                    "json",
                    {
                        "access_token": P["minted"],
                        "client_secret": P["json"],
                        "clientSecret": P["camel"],
                        "token_type": "Bearer",
                        "page_token": "cursor-1",
                    },
                ),
            ),
        ),
        Exchange(
            Sent("GET", "/api/v4/user", (), (("Authorization", f"Bearer {P['minted']}"),)),
            Got(
                200,
                json_type,
                Body(
                    "json",
                    {
                        "import_url": f"https://ada:{P['url']}@git.example.com/a.git",
                        "note": f"the token is {P['minted']}",
                        "inner": json.dumps({"token": P["json"]}),
                    },
                ),
            ),
        ),
        Exchange(
            Sent(
                "POST",
                "/api/v4/projects/1/variables",
                (),
                json_type,
                Body("json", {"key": "K", "value": P["variable"]}),
            ),
            Got(200, json_type, Body("json", {"encoding": "base64", "content": content})),
        ),
        Exchange(
            Sent(
                "POST",
                "/uploads",
                (),
                (("Content-Type", "multipart/form-data"),),
                Body("form", (("file", upload), ("bin", binary))),
            ),
            Got(200, (("Content-Type", "text/plain"),), Body("text", trace)),
        ),
    ]
