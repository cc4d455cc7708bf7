"""What every client library must be able to do against a cluster.

A scenario is a function of a Bench (the cluster, one client library's agent, names of its own).
What a library cannot do is listed in NOT_APPLICABLE and shown in the output.
"""
from checks import Bench  # noqa: F401
from consuming import pull, pull_lite, push_broadcast, push_concurrent, push_ordered, retry_dead_letter, tags
from failures import broker_killed, broker_restart, namesrv_restart
from groups import consumer_killed, consumer_restart, ordered_rebalance, rebalance
from sending import send_async, send_batch, send_creates_topic, send_oneway, send_ordered, send_sync

# The longest first.
TOGETHER = [retry_dead_letter, rebalance, ordered_rebalance, consumer_killed, send_sync,
            send_creates_topic, send_async, send_oneway, send_batch, send_ordered, push_concurrent,
            push_ordered, push_broadcast, pull, pull_lite, tags, consumer_restart]
ALONE = [broker_restart, namesrv_restart, broker_killed]

NOT_APPLICABLE = {
    "go": {
        "pull_lite": "rocketmq-client-go v2.1.2 has no lite pull consumer (request 361)",
        "ordered_rebalance": "rocketmq-client-go v2.1.2 never unlocks a queue that it gives up: the "
                             "next owner waits until the lock expires",
    },
    "node": {
        "send_creates_topic": "ali-ons 3.12.0 gives up when the name server does not know the topic",
        "send_oneway": "ali-ons 3.12.0 has no one-way send",
        "send_batch": "ali-ons 3.12.0 has no batch send",
        "ordered_rebalance": "ali-ons 3.12.0 has no ordered consumer (it never locks a queue)",
        "push_ordered": "ali-ons 3.12.0 has no ordered consumer (it never locks a queue)",
        "pull": "ali-ons 3.12.0 has no pull consumer, only the push consumer",
        "pull_lite": "ali-ons 3.12.0 has no pull consumer, only the push consumer",
    },
}
