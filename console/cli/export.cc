#include "console/cli/export.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "console/cli/pretty_json.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/get_all_groups.h"
#include "remoting/wire/requests/get_system_topics.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

// Groups that brokers make by themselves.
constexpr std::array<std::string_view, 7> kPredefined{
    "FILTERSRV_CONSUMER", "SELF_TEST_C_GROUP",     "SCHEDULE_CONSUMER", "CID_ONS-HTTP-PROXY",
    "CID_ONSAPI_PULL",    "CID_ONSAPI_PERMISSION", "CID_ONSAPI_OWNER"};

bool IsPredefined(std::string_view group) {
  return wire::IsSystemGroup(group) ||
         std::find(kPredefined.begin(), kPredefined.end(), group) != kPredefined.end();
}

}  // namespace

Status WriteExport(Context& context, const Arguments& arguments, const std::string& file,
                   const Json& document) {
  PosixFileSystem fs;
  const std::string folder = arguments.TextOr("filePath", "/tmp/rocketmq/export");
  const std::string path = Concat(folder, "/", file);
  COMET_TRY(fs.MakeDirectories(folder));
  COMET_TRY(WriteFileAtomically(fs, path, PrettyJson(document) + "\n"));
  context.out.Set("path", Json(path), Concat("export ", path, " success\n"));
  return {};
}

StatusOr<wire::TopicConfigTable> UserTopics(Context& context, const std::string& address,
                                            bool with_retry_topics) {
  COMET_ASSIGN(wire::TopicConfigTable table, client::GetTopicConfigs(context.admin, address));
  COMET_ASSIGN(const auto answer, context.admin.Call<wire::GetSystemTopics>(address, {}));
  COMET_ASSIGN(const wire::TopicList system,
               client::ReadBody<wire::TopicList>(answer->body, address));
  std::erase_if(table.topics, [&](const auto& entry) {
    const std::string& topic = entry.first;
    const bool retry = wire::IsRetryTopic(topic) || wire::IsDlqTopic(topic);
    return wire::IsSystemTopic(topic) || (retry && !with_retry_topics) ||
           std::find(system.topics.begin(), system.topics.end(), topic) != system.topics.end();
  });
  return table;
}

StatusOr<wire::SubscriptionGroupTable> UserGroups(Context& context, const std::string& address) {
  COMET_ASSIGN(const auto answer, context.admin.Call<wire::GetAllGroups>(address, {}));
  COMET_ASSIGN(wire::SubscriptionGroupTable table,
               client::ReadBody<wire::SubscriptionGroupTable>(answer->body, address));
  std::erase_if(table.groups, [](const auto& entry) { return IsPredefined(entry.first); });
  return table;
}

}  // namespace comet::cli
