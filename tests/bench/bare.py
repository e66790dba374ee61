"""Bare Flask on mockgitlab's own HTTP server: ready bytes and nothing else, the measure of everything.

``python -m tests.bench.bare ONE LIST``: the sizes of the two bodies. Prints its port.
"""

import sys

from flask import Flask, Response

from mockgitlab.web.http import HttpServer


def make_bare_app(one: int, many: int) -> Flask:
    app = Flask("bare")
    bodies = {"one": b"x" * one, "list": b"x" * many}

    @app.route("/<name>", methods=["GET", "POST"])
    def answer(name: str) -> Response:
        return Response(bodies[name], content_type="application/json")

    return app


if __name__ == "__main__":
    server = HttpServer(make_bare_app(int(sys.argv[1]), int(sys.argv[2])))
    print(server.port, flush=True)
    server.serve_forever()
