"""Talks to an agent: a client library's producers and consumers behind JSON lines."""
import collections
import itertools
import json
import queue
import threading

from processes import Died, Process
from waiting import until

CALL_TIMEOUT_S = 60


class AgentError(AssertionError):
    """The client library raised an error."""


class Agent:
    """One process that runs a client library. Safe to use from many threads."""

    def __init__(self, name, command, namesrv_address, folder):
        # Java takes its home from the password file, not from HOME.
        home = {"JAVA_TOOL_OPTIONS": f"-Duser.home={folder}/{name}.home"}
        self.name = name
        self._process = Process(name, [*command, namesrv_address], folder, home, pipes=True)
        self._ids, self._arrivals = itertools.count(1), itertools.count()
        self._answers = {}
        self._messages = collections.defaultdict(list)
        self._mutex = threading.Lock()
        self._hello = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.library = self._wait(self._hello, "hello")["library"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        """kill -9: the client's connections end without a word."""
        self._process.kill()

    def call(self, op, **arguments):
        number, answer = next(self._ids), queue.Queue()
        line = json.dumps({"id": number, "op": op, **arguments}) + "\n"
        with self._mutex:
            self._answers[number] = answer
            self._process.child.stdin.write(line.encode())
            self._process.child.stdin.flush()
        reply = self._wait(answer, op)
        if "error" in reply:
            raise AgentError(f"{op} {arguments.get('name', '')}: {reply['error']}")
        return reply

    def messages(self, consumer):
        """What a consumer was given so far, in order; "arrival" is the order among all consumers."""
        with self._mutex:
            return list(self._messages[consumer])

    def until_messages(self, consumer, enough, timeout_s, what):
        """Waits until enough(messages of the consumer) holds; gives the messages."""
        until(lambda: enough(self.messages(consumer)), timeout_s,
              lambda: f"{what} (got {len(self.messages(consumer))}: "
                      f"{sorted({m['body'][:40] for m in self.messages(consumer)})[:60]})")
        return self.messages(consumer)

    def _read(self):
        for line in self._process.child.stdout:
            item = json.loads(line)
            if item.get("event") == "hello":
                self._hello.put(item)
            elif item.get("event") == "message":
                with self._mutex:
                    item["arrival"] = next(self._arrivals)
                    self._messages[item["consumer"]].append(item)
            else:
                with self._mutex:
                    self._answers.pop(item["id"]).put(item)

    def _wait(self, source, what):
        for _ in range(CALL_TIMEOUT_S):
            try:
                return source.get(timeout=1)
            except queue.Empty:
                self._process.check_alive()
        raise Died(f"{what}: no answer of the agent within {CALL_TIMEOUT_S} s")
