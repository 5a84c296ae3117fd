"""A stand-in for Hugging Face's Hub: the part of its HTTP interface that its own library calls.

It is not the Hub. It keeps repositories in memory, knows every commit of them, and takes every file
in the commit itself, as the Hub takes small ones; it has no large-file storage and no users.
"""

import base64
import contextlib
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


class StandInHub(ThreadingHTTPServer):
    """Repositories by `(kind, "user/name")`; `kind` is `dataset` or `model`.

    Attributes:
        repos: of each, `private`, and `commits`, commit -> path -> bytes, the newest last.
        asked: the requests so far, `"METHOD path"`.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repos = {}
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, kind, repo, files, private=False):
        """A commit that holds just these files; returns its name."""
        known = self.repos.setdefault((kind, repo), {"private": private, "commits": {}})
        text = f"{repo} {len(known['commits'])} {sorted(files)}"
        commit = hashlib.sha1(text.encode()).hexdigest()
        known["commits"][commit] = files
        return commit

    def files(self, kind, repo):
        """The newest files of a repository."""
        return list(self.repos[kind, repo]["commits"].values())[-1]


@contextlib.contextmanager
def running():
    """A `StandInHub` that answers."""
    with StandInHub() as hub:
        thread = threading.Thread(target=hub.serve_forever, daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Method and path -> what answers.
    ROUTES = (
        ("POST", r"/api/repos/create", "create"),
        ("POST", r"/api/validate-yaml", "validate"),
        ("POST", r"/api/(dataset|model)s/([^/]+/[^/]+)/preupload/(.+)", "preupload"),
        ("POST", r"/api/(dataset|model)s/([^/]+/[^/]+)/commit/(.+)", "commit"),
        ("GET", r"/api/(dataset|model)s/([^/]+/[^/]+)/tree/([^/?]+)", "tree"),
        ("GET", r"/api/(dataset|model)s/([^/]+/[^/]+)(?:/revision/(.+))?", "info"),
        ("GET", r"/(?:(dataset)s/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)", "resolve"),
    )

    def log_message(self, *arguments):
        """Say nothing."""

    def do_GET(self):
        self._answer("GET")

    def do_HEAD(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def _answer(self, method):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        self.server.asked.append(f"{self.command} {path}")
        for verb, pattern, name in self.ROUTES:
            found = re.fullmatch(pattern, path)
            if found and verb == method:
                getattr(self, name)(*(text and unquote(text) for text in found.groups()))
                return
        self._send(501, {"error": f"the stand-in does not know {method} {path}"})

    def _send(self, status, content, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _commit(self, kind, repo, revision):
        """`(repository, commit)`; None, and the refusal is sent, where one is unknown."""
        known = self.server.repos.get((kind or "model", repo))
        if known is None:
            self._send(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")
            return None
        commits = list(known["commits"])
        commit = commits[-1] if revision in (None, "main") and commits else revision
        if commits and commit not in commits:
            self._send(404, {"error": "Invalid rev"}, X_Error_Code="RevisionNotFound")
            return None
        return known, commit

    def create(self):
        asked = json.loads(self.body)
        repo, kind = f"{asked['organization']}/{asked['name']}", asked.get("type", "model")
        private = asked.get("visibility") == "private" or asked.get("private", False)
        self.server.repos[kind, repo] = {"private": private, "commits": {}}
        self._send(200, {"url": f"{self.server.url}/{kind}s/{repo}", "id": "1"})

    def validate(self):
        self._send(200, {"errors": [], "warnings": []})

    def preupload(self, kind, repo, revision):
        files = [
            {"path": one["path"], "uploadMode": "regular", "shouldIgnore": False, "oid": None}
            for one in json.loads(self.body)["files"]
        ]
        self._send(200, {"files": files})

    def commit(self, kind, repo, revision):
        known = self.server.repos[kind, repo]
        files = dict(list(known["commits"].values())[-1]) if known["commits"] else {}
        for line in self.body.splitlines():
            item = json.loads(line)
            if item["key"] == "file":
                files[item["value"]["path"]] = base64.b64decode(item["value"]["content"])
            elif item["key"] == "deletedFile":
                del files[item["value"]["path"]]
        oid = self.server.put(kind, repo, files)
        page = f"{self.server.url}/{'datasets/' if kind == 'dataset' else ''}{repo}"
        self._send(200, {"commitUrl": f"{page}/commit/{oid}", "commitOid": oid})

    def info(self, kind, repo, revision):
        if found := self._commit(kind, repo, revision):
            known, commit = found
            files = known["commits"].get(commit, {})
            siblings = [{"rfilename": name, "size": len(files[name])} for name in sorted(files)]
            private = known["private"]
            self._send(200, {"id": repo, "sha": commit, "private": private, "siblings": siblings})

    def tree(self, kind, repo, revision):
        if found := self._commit(kind, repo, revision):
            known, commit = found
            entries = [
                {"type": "file", "path": name, "size": len(content), "oid": _oid(content)}
                for name, content in sorted(known["commits"][commit].items())
            ]
            self._send(200, entries)

    def resolve(self, kind, repo, revision, name):
        if found := self._commit(kind, repo, revision):
            known, commit = found
            content = known["commits"][commit].get(name)
            if content is None:
                self._send(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
            else:
                self._send(200, content, X_Repo_Commit=commit, ETag=f'"{_oid(content)}"')


def _oid(content):
    """As git names it."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
