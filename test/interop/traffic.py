"""Producers that go on sending while servers come and go, and what was acknowledged to them."""
import concurrent.futures
import threading

import waiting
from checks import DELIVERY_S, QUEUES

SENDERS = 4


class Traffic:
    """Sends from entry to exit; no body is given to the library twice."""

    def __init__(self, bench, topic, producer):
        self._bench, self._topic, self._producer = bench, topic, producer
        self.acknowledged = {}  # body -> (queue, offset)
        self._enough = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(SENDERS)

    def __enter__(self):
        self._senders = [self._pool.submit(self._send_on, sender) for sender in range(SENDERS)]
        return self

    def __exit__(self, *_):
        self._enough.set()
        self._pool.shutdown()

    def until_more(self, count, timeout_s=DELIVERY_S):
        """Waits until `count` more messages are acknowledged."""
        wanted = len(self.acknowledged) + count
        waiting.until(lambda: len(self.acknowledged) >= wanted, timeout_s,
                      lambda: f"{wanted} acknowledged messages (have {len(self.acknowledged)})")

    def missing(self):
        """What was acknowledged, but is not where the answer said."""
        with self._bench.cluster.ask_broker() as broker:
            stored = {(r.queue_id, r.queue_offset): r.text for r in broker.read_topic(self._topic, QUEUES)}
        return [body for body, place in self.acknowledged.items() if stored.get(place) != body]

    def until_stored(self):
        waiting.until(lambda: not self.missing(), DELIVERY_S,
                      lambda: f"acknowledged, but not there: {self.missing()[:20]}")

    def _send_on(self, sender):
        at = 0
        while not self._enough.is_set():
            body, at = f"{sender} {at}", at + 1
            try:
                result, = self._bench.send(self._topic, [{"body": body}], producer=self._producer)
                self.acknowledged[body] = result["queueId"], result["queueOffset"]
            except AssertionError:  # not acknowledged
                self._enough.wait(0.1)
