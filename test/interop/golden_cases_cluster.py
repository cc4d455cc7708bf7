"""Clusters, brokers, name servers and their figures."""
import golden_effects as effects
import golden_text as text
from golden_case import Case

LOAD = (text.cut(r" +\d+\.\d\d\(0,0ms(\|0,0ms)?\)", " RATE"), text.cut(r"0\.\d{4} ", "SPACE "),
        text.cut(r"\d+\.\d\d +(?=SPACE)", "HOUR "))
# brokerStatus: figures that move between two calls.
MOVING = text.cut(r"^(\S+:\d+ +)?((?:\w*Tps|\w*Ratio\S*|runtime|commitLogDirCapacity|msgGetTotal\w+"
                  r"|bootTimestamp|putLatency\w+|\w*Offset\w*|\w+Behind\w*|putMessage\w+"
                  r"|remain\w+|getMessageEntireTimeMax)\s*: ).*$", r"\1\2MOVES")

# haStatus: traces of other cases may still be on their way.
LOG_END = text.cut(r"(?<=MaxOffset\t)\d+", "MOVES")

CASES = [
    Case("clusterList", same=LOAD),
    Case("clusterList -c {cluster}", same=LOAD),
    Case("clusterList -m", same=(text.numbers(3, 5),)),
    Case("brokerStatus -b {broker}", same=(MOVING,)),
    Case("brokerStatus -c {cluster}", same=(MOVING,)),
    Case("getBrokerConfig -b {broker}", same=(text.sorted_rows,)),
    Case("getBrokerConfig -c {cluster}", same=(text.sorted_rows,)),
    Case("haStatus -b {broker}", same=(LOG_END,)),
    Case("haStatus -c {cluster}", same=(LOG_END,)),
    Case("brokerConsumeStats -b {broker}", same=(text.sorted_table,)),
    Case("brokerConsumeStats -b {broker} -l 1", same=(text.sorted_table,)),
    Case("getNamesrvConfig", same=(text.sorted_rows,)),
    Case("exportConfigs -c {cluster} -f {folder}/export", effect=effects.exported("configs.json")),
    Case("exportMetadata -c {cluster} -f {folder}/export", effect=effects.exported("metadata.json")),
    Case("exportMetadata -c {cluster} -t -s -f {folder}/export", effect=effects.exported("topic.json")),
    Case("exportMetadata -c {cluster} -g -f {folder}/export",
         effect=effects.exported("subscriptionGroup.json")),
    Case("exportMetrics -c {cluster} -f {folder}/export",
         effect=effects.exported("metrics.json", only_names=True)),
    Case("sendMsgStatus -b {broker_name} -c 2 -s 10", writes=True, same=(
        text.cut(r"rt=\d+ms", "rt=0ms"), text.cut(r"sgId=[0-9A-F]+", "sgId=ID"),
        text.cut(r"queueOffset=\d+", "queueOffset=0"))),
    Case("updateBrokerConfig -b {broker} -k deleteWhen -v 05", writes=True,
         effect=effects.broker_setting("deleteWhen")),
    Case("updateBrokerConfig -c {cluster} -k deleteWhen -v 04", writes=True,
         effect=effects.broker_setting("deleteWhen")),
    Case("updateNamesrvConfig -k orderMessageEnable -v true", writes=True),
    Case("cleanExpiredCQ -b {broker}", writes=True),
    Case("cleanExpiredCQ -c {cluster}", writes=True),
    Case("deleteExpiredCommitLog -b {broker}", writes=True),
    Case("cleanUnusedTopic -b {broker}", writes=True),
]
