"""`yugang serve` and `hugo server` as a client meets them: started, listened to, looked into."""
import base64
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 300


class Server:
    """A server process; `home` is where it answers once it is ready."""

    def __init__(self, command, log, ready):
        self.log = pathlib.Path(log)
        start = time.monotonic()
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        while not (found := re.search(ready, self.said())):
            if self.child.poll() is not None or time.monotonic() > start + PATIENCE:
                sys.exit(f"{command} did not start:\n{self.said()}")
            time.sleep(0.005)
        self.seconds = time.monotonic() - start
        self.port = int(found.group(1))

    def said(self):
        """Everything it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def get(self, path):
        """Status and text of a page."""
        url = f"http://127.0.0.1:{self.port}{urllib.parse.quote(path)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def memory(self):
        """Memory now and at its highest, in MiB."""
        fields = self.proc_status()
        return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))

    def threads(self):
        """How many threads it has."""
        return int(self.proc_status()["Threads"])

    def descriptors(self):
        """How many files and sockets it has open."""
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def proc_status(self):
        """What the system says of the process."""
        lines = pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines()
        return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}

    def stop(self):
        """Ends it as Ctrl-C does."""
        self.child.send_signal(signal.SIGINT)
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            print(f"  {self.child.args[0]} did not end within five seconds of Ctrl-C")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Yugang(Server):
    """`yugang serve` of the site at `site`."""

    name = "yugang"

    def __init__(self, binary, site, log):
        command = [binary, "serve", "--root", str(site), "--port", "0", "--lang", "en"]
        super().__init__(command, log, r"preview  http://127\.0\.0\.1:(\d+)/")

    def listen(self, path):
        """A tab that is open at `path`."""
        return Events(self.port, path)

    def status(self):
        """What it tells of the last rebuild."""
        return json.loads(self.get("/_yugang/status.json")[1])

    def rebuild_seconds(self):
        """How long it says that the last rebuild took."""
        said = re.findall(r"\((\d+) ms\)$", self.said(), flags=re.M)
        return int(said[-1]) / 1000 if said else 0.0


class Hugo(Server):
    """`hugo server` of the site at `site`, in its default, the fast mode."""

    name = "hugo"

    def __init__(self, binary, site, log):
        command = [binary, "server", "--source", str(site), "--port", str(free_port())]
        command += ["--renderToMemory", "--disableFastRender=false"]
        super().__init__(command, log, r"available at http://localhost:(\d+)/")

    def listen(self, path):
        """A tab that is open at `path`: visited, and connected."""
        self.get(path)
        return LiveReload(self.port)


def free_port():
    """A port that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Stream:
    """A connection from which messages are read as they come."""

    def __init__(self, port, request):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.socket.sendall(request.encode())

    def receive(self, patience):
        """Takes what has come, waiting `patience` seconds for it; False if nothing has."""
        self.socket.settimeout(max(patience, 0.001))
        try:
            more = self.socket.recv(65536)
        except (TimeoutError, socket.timeout):
            return False
        if not more:
            sys.exit("the server has closed the connection to its client")
        self.buffer += more
        return True

    def next(self, patience=PATIENCE):
        """The next message, or None after `patience` seconds."""
        end = time.monotonic() + patience
        while (message := self.message()) is None:
            left = end - time.monotonic()
            if left <= 0 or (not self.receive(left) and time.monotonic() >= end):
                return None
        return message

    def drain(self, quiet):
        """The messages until none has come for `quiet` seconds."""
        messages = []
        while (message := self.next(quiet)) is not None:
            messages.append(message)
        return messages


class Events(Stream):
    """The server-sent events of `yugang serve` to the tab at `path`."""

    def __init__(self, port, path):
        target = f"/_yugang/events?path={urllib.parse.quote(path, safe='')}"
        super().__init__(port, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")

    def message(self):
        """The next state in the buffer, if it is there; chunk sizes and heartbeats are passed over."""
        found = re.search(rb"event: state\ndata: (.*)\n\n", self.buffer)
        if not found:
            return None
        self.buffer = self.buffer[found.end() :]
        return json.loads(found.group(1))


class LiveReload(Stream):
    """The web socket over which Hugo tells its tabs to reload."""

    def __init__(self, port):
        key = base64.b64encode(os.urandom(16)).decode()
        super().__init__(
            port,
            f"GET /livereload HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n",
        )
        while b"\r\n\r\n" not in self.buffer:
            self.receive(PATIENCE)
        self.buffer = self.buffer.split(b"\r\n\r\n", 1)[1]
        hello = {"command": "hello", "protocols": ["http://livereload.com/protocols/official-7"]}
        self.send(json.dumps(hello).encode())
        self.next(5)

    def send(self, payload):
        """One short text frame, masked with zeros."""
        head = bytes([0x81, 0x80 | 126]) + len(payload).to_bytes(2, "big") + bytes(4)
        self.socket.sendall(head + payload)

    def message(self):
        """The next frame in the buffer, if it is there as a whole."""
        if len(self.buffer) < 2:
            return None
        start, size = 2, self.buffer[1] & 0x7F
        if size == 126:
            start, size = 4, int.from_bytes(self.buffer[2:4], "big")
        if len(self.buffer) < max(start + size, 4):
            return None
        payload, self.buffer = self.buffer[start : start + size], self.buffer[start + size :]
        return payload.decode(errors="replace")
