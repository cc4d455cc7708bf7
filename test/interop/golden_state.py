"""What the commands of the golden comparison look at: topics, groups, messages, clients."""
import json

import remoting
from waiting import until, until_settled

ORDERS, STEPS, EVENTS, EMPTY = "GoldenOrders", "GoldenSteps", "GoldenEvents", "GoldenEmpty"
PUSH, ORDERLY, CAST, OFFLINE, FAILING = (
    "golden-push", "golden-orderly", "golden-cast", "golden-offline", "golden-failing")
OWN_GROUPS = ("golden-own-A", "golden-own-B")  # of Apache's tool and of ours
PRODUCERS, QUEUES = "golden-producers", 4
SETTLE_S = 60
GET_CONNECTIONS = 203


class State:
    """Set up once; from then on nothing moves but clocks, rates and heartbeats."""

    def __init__(self, cluster, agent):
        self.cluster, self.agent = cluster, agent
        for topic in (ORDERS, STEPS, EVENTS, EMPTY, "GoldenSentA", "GoldenSentB"):
            cluster.create_topic(topic, QUEUES)
        with cluster.ask_broker() as broker:
            for group in (PUSH, ORDERLY, CAST, OFFLINE, FAILING, *OWN_GROUPS):
                broker.create_group(group, retryMaxTimes=1, consumeBroadcastEnable=True,
                                    consumeTimeoutMinute=15, notifyConsumerIdsChangedEnable=True)
        self._start_clients()
        self._send()
        self._settle()
        with cluster.ask_broker() as broker:
            for group in (OFFLINE, *OWN_GROUPS):
                for queue in range(QUEUES):
                    broker.commit(group, ORDERS, queue, 1)
            self.records = broker.read_topic(ORDERS, QUEUES)
            self.dead = broker.read_topic(f"%DLQ%{FAILING}", 1)
        self.values = self._values()

    def _start_clients(self):
        call = self.agent.call
        call("producer-start", name="producer", group=PRODUCERS, trace=True)
        call("consumer-start", name="push", group=PUSH, topic=ORDERS, expression="TagA || TagB", trace=True)
        call("consumer-start", name="orderly", group=ORDERLY, topic=STEPS, expression="*", ordered=True)
        call("consumer-start", name="cast", group=CAST, topic=ORDERS, expression="*", broadcast=True)
        call("consumer-start", name="failing", group=FAILING, topic=EVENTS, expression="*", maxReconsume=1)

    def _send(self):
        def send(topic, specs, how="sync"):
            return self.agent.call("send", name="producer", how=how, topic=topic, messages=specs)["results"]
        self.sent = send(ORDERS, [{
            "body": f"order {at}", "tags": f"Tag{'ABC'[at % 3]}", "keys": f"key-{at} common",
            "props": {"colour": "red", "size": str(at)}} for at in range(12)])
        send(STEPS, [{"body": f"step {at}", "shard": "ab"[at % 2]} for at in range(6)], "ordered")
        send(EVENTS, [{"body": "fail-always", "tags": "Bad", "keys": "dead-key"}, {"body": "fine"}])

    def _settle(self):
        """Until every message is consumed, committed and traced."""
        self.agent.until_messages("push", lambda got: len(got) >= 8, SETTLE_S, "the orders")
        self.agent.until_messages("orderly", lambda got: len(got) >= 6, SETTLE_S, "the steps")
        self.agent.until_messages("failing", lambda got: len(got) >= 3, SETTLE_S, "the retry")
        with self.cluster.ask_broker() as broker:
            def caught_up(group, topic, queues=QUEUES):
                return all((broker.consumer_offset(group, topic, queue) or 0) >=
                           broker.max_offset(topic, queue) for queue in range(queues))
            for group, topic in ((PUSH, ORDERS), (ORDERLY, STEPS), (FAILING, EVENTS)):
                until(lambda: caught_up(group, topic), SETTLE_S, f"{group} commits {topic}")
            until(lambda: caught_up(FAILING, f"%RETRY%{FAILING}", 1), SETTLE_S, "the retry topic")
            until(lambda: broker.max_offset(f"%DLQ%{FAILING}", 0) == 1, SETTLE_S, "the dead letter")
            traced = [result["msgId"] for result in self.sent]
            until(lambda: all(broker.query("RMQ_SYS_TRACE_TOPIC", msg) for msg in traced), SETTLE_S, "traces")
            until_settled(lambda: broker.max_offset("RMQ_SYS_TRACE_TOPIC", 0), 2, SETTLE_S, "the last trace")

    def _values(self):
        """What words of the cases stand for."""
        first, last = self.records[0], self.records[-1]
        with self.cluster.ask_broker() as broker:
            clients = remoting.lenient_json(broker.call(GET_CONNECTIONS, {"consumerGroup": PUSH})[2])
        return {
            "broker": self.cluster.broker_address, "broker_name": "broker-a",
            "cluster": "InteropCluster", "orders": ORDERS, "steps": STEPS, "events": EVENTS,
            "empty": EMPTY, "push": PUSH, "orderly": ORDERLY, "cast": CAST, "offline": OFFLINE,
            "failing": FAILING, "producers": PRODUCERS, "namesrv": self.cluster.namesrv_address,
            "msg_id": first.properties["UNIQ_KEY"], "offset_id": first.offset_msg_id,
            "last_offset_id": last.offset_msg_id, "last_id": last.properties["UNIQ_KEY"],
            "queue": str(last.queue_id), "dead_id": self.dead[0].offset_msg_id,
            "client": clients["connectionSet"][0]["clientId"],
            "time": str(last.store_timestamp)}


def write_lists(folder, letter):
    """Files of settings for the commands that read one."""
    (folder / "groups.json").write_text(json.dumps(
        [{"groupName": f"golden-own-{letter}", "retryMaxTimes": 7, "retryQueueNums": 2}]))
    (folder / "topics.json").write_text(json.dumps(
        [{"topicName": f"Golden{letter}", "readQueueNums": 5, "writeQueueNums": 5, "perm": 6}]))
