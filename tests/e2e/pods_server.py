# SPDX-License-Identifier: Apache-2.0
"""Answers for pods as the API server of Kubernetes does, over TLS, from a folder:

    pods_server.py FOLDER CERTIFICATE KEY

FOLDER/pods.json is a list of pods (v1.Pod), FOLDER/token the bearer token that is good now; while there is
FOLDER/broken, the answer is an error 500. The port is written to FOLDER/port, and each request's status to
FOLDER/statuses, a line each."""

import http.server
import json
import os
import ssl
import sys
import urllib.parse

FOLDER, CERTIFICATE, KEY = sys.argv[1:]


def read(name):
    with open(os.path.join(FOLDER, name)) as file:
        return file.read()


def status(code, reason):
    return code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                  "reason": reason, "code": code}


def has_fields(pod, selector):
    known = {"spec.nodeName": pod["spec"]["nodeName"], "status.phase": pod["status"]["phase"]}
    wanted = [term.split("=", 1) for term in selector.split(",") if term]
    return all(known[key] == value for key, value in wanted)


def has_labels(pod, selector):
    labels = pod["metadata"].get("labels", {})
    for term in filter(None, selector.split(",")):
        key, equals, value = term.partition("=")
        if key not in labels or (equals and labels[key] != value):
            return False
    return True


def answer(path, authorization):
    if authorization != "Bearer " + read("token").strip():
        return status(401, "Unauthorized")
    if os.path.exists(os.path.join(FOLDER, "broken")):
        return status(500, "InternalError")
    url = urllib.parse.urlsplit(path)
    query = urllib.parse.parse_qs(url.query, strict_parsing=bool(url.query))
    if url.path != "/api/v1/pods":
        return status(404, "NotFound")
    # A recorder that may list pods everywhere still asks for its node's alone.
    if set(query) != {"fieldSelector", "labelSelector"}:
        return status(400, "BadRequest")
    pods = [pod for pod in json.loads(read("pods.json"))
            if has_fields(pod, query["fieldSelector"][0])
            and has_labels(pod, query["labelSelector"][0])]
    return 200, {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"},
                 "items": pods}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            code, said = answer(self.path, self.headers.get("Authorization"))
        except KeyError:
            code, said = status(400, "BadRequest")
        body = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        with open(os.path.join(FOLDER, "statuses"), "a") as file:
            print(code, file=file)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERTIFICATE, KEY)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(os.path.join(FOLDER, "port.new"), "w") as port:
    print(server.server_address[1], file=port)
os.rename(os.path.join(FOLDER, "port.new"), os.path.join(FOLDER, "port"))
server.serve_forever()
