"""Topics, and the name servers' share of them."""
import golden_effects as effects
import golden_text as text
from golden_case import Case

PUT_TPS = text.cut(r"(?<=Topic Put TPS: )[\d.]+", "TPS")
ZERO_TPS = ("the rate is the brokers' own, Apache's tool never adds it up", lambda printed: printed)

DEALT = ("queues are dealt out in their order, not in that of a hash table", lambda printed: printed)
ANY_QUEUE = text.cut(r'(?<="queueId": )\d', "Q")
KEPT = ("attributes stay as they are, and are shown",
        text.cut(r"attributes=\{\}", "attributes={message.type=NORMAL}"))

CASES = [
    Case("topicList", same=(text.sorted_lines,)),
    Case("topicList -c", same=(text.sorted_rows,)),
    Case("topicRoute -t {orders}"),
    Case("topicRoute -t {orders} -l"),
    Case("topicRoute -t nosuch", fails="CODE: 17", code=4, says="17 TOPIC_NOT_EXIST"),
    Case("topicStatus -t {orders}", same=(PUT_TPS,), differences=(ZERO_TPS,)),
    Case("topicStatus -t {empty}", same=(PUT_TPS,), differences=(ZERO_TPS,)),
    Case("topicStatus -t nosuch", fails="CODE: 17", code=4, says="17 TOPIC_NOT_EXIST"),
    Case("topicClusterList -t {orders}"),
    Case("allocateMQ -t {orders} -i 10.0.0.1,10.0.0.2", same=(text.sorted_json, ANY_QUEUE),
         differences=(DEALT,)),
    Case("updateTopic -b {broker} -t {own} -r 2 -w 2", writes=True, effect=effects.topic_config),
    Case("updateTopic -c {cluster} -t {own} -r 3 -w 4 -p 6 -o true", writes=True,
         effect=effects.topic_and_order),
    # Apache's sets back what is not given; ours does so when it is told to.
    Case("updateTopic -c {cluster} -t {own} -r 2 -w 2 -a +message.type=NORMAL", writes=True,
         ours="updateTopic -c {cluster} -t {own} -r 2 -w 2 -a +message.type=NORMAL --replace",
         effect=effects.topic_config),
    Case("updateTopicList -b {broker} -f {folder}/topics.json", writes=True, effect=effects.topic_config),
    Case("updateOrderConf -t {own} -m put -v broker-a:4", writes=True, effect=effects.topic_and_order),
    Case("updateOrderConf -t {own} -m get", writes=True),
    Case("updateOrderConf -t {own} -m delete", writes=True, effect=effects.topic_and_order),
    Case("updateTopicPerm -b {broker} -t {own} -p 4", writes=True, differences=(KEPT,),
         effect=effects.topic_config),
    Case("updateTopicPerm -c {cluster} -t {own} -p 6", writes=True, effect=effects.topic_config),
    # Ours deletes what the name servers know of the topic's order, too; Apache's leaves it behind.
    Case("deleteTopic -c {cluster} -t {own}", writes=True, effect=effects.topic_config),
    Case("wipeWritePerm -b {broker_name}", writes=True),
    Case("addWritePerm -b {broker_name}", writes=True),
    Case("updateKvConfig -s GOLDEN -k {own} -v value", writes=True, effect=effects.kv("Golden")),
    Case("deleteKvConfig -s GOLDEN -k {own}", writes=True, effect=effects.kv("Golden")),
]
