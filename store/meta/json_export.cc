#include "store/meta/json_export.h"

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "store/meta/json_files.h"

namespace comet::store::meta {
namespace {

Status Write(FileSystem& fs, const std::string& directory, std::string_view name,
             const std::string& text) {
  const std::string path = Concat(directory, '/', name);
  COMET_ASSIGN(const bool there, fs.Exists(path));
  if (there) COMET_TRY(fs.Rename(path, Concat(path, kBackupSuffix)));
  return WriteFileAtomically(fs, path, text);
}

}  // namespace

Status ExportJson(FileSystem& fs, const std::string& directory, MetaStore& meta) {
  TopicsFile topics;
  COMET_ASSIGN(const auto topic_list, meta.Topics());
  for (const auto& topic : topic_list) topics.topics[topic.name] = topic;
  COMET_ASSIGN(topics.data_version, meta.Version(Table::kTopics));

  wire::SubscriptionGroupTable groups;
  COMET_ASSIGN(const auto group_list, meta.Groups());
  for (const auto& group : group_list) groups.groups[group.name] = group;
  COMET_ASSIGN(groups.forbidden, meta.ForbiddenPulls());
  COMET_ASSIGN(groups.data_version, meta.Version(Table::kGroups));

  wire::ConsumerOffsetTable offsets;
  COMET_ASSIGN(const auto offset_list, meta.ConsumerOffsets());
  for (const auto& offset : offset_list) {
    offsets.offsets[Concat(offset.topic, '@', offset.group)][offset.queue_id] = offset.offset;
  }
  COMET_ASSIGN(offsets.data_version, meta.Version(Table::kConsumerOffsets));

  wire::DelayOffsetTable delays;
  COMET_ASSIGN(delays.offsets, meta.DelayLevelOffsets());
  COMET_ASSIGN(delays.data_version, meta.Version(Table::kDelayOffsets));

  COMET_TRY(fs.MakeDirectories(directory));
  COMET_TRY(Write(fs, directory, kTopicsFile, ToJson(topics)));
  COMET_TRY(Write(fs, directory, kGroupsFile, ToJson(groups)));
  COMET_TRY(Write(fs, directory, kOffsetsFile, ToJson(offsets)));
  return Write(fs, directory, kDelayFile, ToJson(delays));
}

}  // namespace comet::store::meta
