#include "console/cli/not_built_in.h"

#include <array>

#include "remoting/base/enum_names.h"

namespace comet::cli {
namespace {

struct Missing {
  std::string_view command, what;
};

constexpr std::string_view kAccess = "it manages users and access control lists";
constexpr std::string_view kReplication = "it looks at replication between brokers";
constexpr std::string_view kController = "it manages a controller";
constexpr std::string_view kContainer = "it manages brokers in a container";
constexpr std::string_view kStatic = "it manages static topics";
constexpr std::string_view kCold = "it limits reads of cold data";
constexpr std::string_view kLite = "it looks at lite topics";
constexpr std::string_view kPop = "it manages POP consumption";
constexpr std::string_view kRocksDb = "it reads the RocksDB files of Apache's brokers";
constexpr std::string_view kReadAhead = "it tunes how Apache's brokers read ahead";
constexpr std::string_view kCompaction = "it reads files of compacted topics";

constexpr std::string_view kTimer = "it changes how a broker keeps timer messages";
constexpr std::string_view kMonitor =
    "it writes to a log file for ever; consumerProgress and consumerStatus show the same";

constexpr std::array kMissing{
    Missing{"createUser", kAccess},
    Missing{"updateUser", kAccess},
    Missing{"deleteUser", kAccess},
    Missing{"getUser", kAccess},
    Missing{"listUser", kAccess},
    Missing{"copyUser", kAccess},
    Missing{"createAcl", kAccess},
    Missing{"updateAcl", kAccess},
    Missing{"deleteAcl", kAccess},
    Missing{"getAcl", kAccess},
    Missing{"listAcl", kAccess},
    Missing{"copyAcl", kAccess},
    Missing{"getSyncStateSet", kReplication},
    Missing{"getBrokerEpoch", kReplication},
    Missing{"resetMasterFlushOffset", kReplication},
    Missing{"getControllerMetaData", kController},
    Missing{"getControllerConfig", kController},
    Missing{"updateControllerConfig", kController},
    Missing{"electMaster", kController},
    Missing{"cleanBrokerMetadata", kController},
    Missing{"addBroker", kContainer},
    Missing{"removeBroker", kContainer},
    Missing{"updateStaticTopic", kStatic},
    Missing{"remappingStaticTopic", kStatic},
    Missing{"getColdDataFlowCtrInfo", kCold},
    Missing{"updateColdDataFlowCtrGroupConfig", kCold},
    Missing{"removeColdDataFlowCtrGroupConfig", kCold},
    Missing{"getBrokerLiteInfo", kLite},
    Missing{"getParentTopicInfo", kLite},
    Missing{"getLiteTopicInfo", kLite},
    Missing{"getLiteGroupInfo", kLite},
    Missing{"getLiteClientInfo", kLite},
    Missing{"triggerLiteDispatch", kLite},
    Missing{"setConsumeMode", kPop},
    Missing{"exportPopRecord", kPop},
    Missing{"exportMetadataInRocksDB", kRocksDb},
    Missing{"rocksDBConfigToJson", kRocksDb},
    Missing{"checkRocksdbCqWriteProgress", kRocksDb},
    Missing{"dumpCompactionLog", kCompaction},
    Missing{"startMonitoring", kMonitor},
    Missing{"switchTimerEngine", kTimer},
    Missing{"setCommitLogReadAheadMode", kReadAhead},
};

}  // namespace

std::string_view NotBuiltIn(std::string_view command) {
  for (const Missing& missing : kMissing) {
    if (EqualIgnoringCase(missing.command, command)) return missing.what;
  }
  return {};
}

}  // namespace comet::cli
