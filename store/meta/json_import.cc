#include "store/meta/json_import.h"

#include <optional>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "store/meta/json_files.h"

namespace comet::store::meta {
namespace {

// A broker with a million offsets writes some ten megabytes.
constexpr std::uint64_t kFileBytesMax = 1 << 30;
constexpr JsonLimits kLimits{.bytes = kFileBytesMax, .nodes = 64U << 20};
constexpr std::size_t kNameBytesMax = 255;

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name == "." || name == "..") return false;
  for (const char c : name) {
    if (c == '/' || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

// Reads the files of one directory.
class Files {
 public:
  Files(FileSystem& fs, const std::string& directory, ImportReport* report)
      : fs_(fs), directory_(directory), report_(*report) {}

  // Nothing when neither the file nor its .bak is there.
  template <class T>
  StatusOr<std::optional<T>> Read(std::string_view name) {
    const std::string path = Concat(directory_, '/', name);
    auto file = Parse<T>(path);
    if (file.ok()) return std::optional<T>(file.Take());
    auto backup = Parse<T>(Concat(path, kBackupSuffix));
    if (backup.ok()) {
      report_.notes.push_back(Concat(path, ": taken from its .bak, ", file.error().message()));
      return std::optional<T>(backup.Take());
    }
    const auto gone = Status::Code::kNotFound;
    if (file.error().code() == gone && backup.error().code() == gone) return std::optional<T>();
    const Status& worse = file.error().code() == gone ? backup.error() : file.error();
    if (worse.code() == Status::Code::kIo) return worse.Clone();
    return Status(Status::Code::kCorruption,
                  Concat(path, " and its .bak cannot be read: ", worse.message()));
  }

 private:
  template <class T>
  StatusOr<T> Parse(const std::string& path) {
    COMET_ASSIGN(const std::string text, ReadFile(fs_, path, kFileBytesMax));
    if (text.empty()) return Status(Status::Code::kInvalid, "the file is empty");
    return FromJson<T>(text, kLimits);
  }

  FileSystem& fs_;
  const std::string& directory_;
  ImportReport& report_;
};

void TakeTopics(TopicsFile file, MetaContent* to, ImportReport* report) {
  for (auto& [name, topic] : file.topics) {
    topic.name = name;
    if (!IsName(name)) {
      report->notes.push_back(Concat("topic left out, no legal name: ", name));
    } else if (HasTooManyQueues(topic)) {
      report->notes.push_back(
          Concat("topic ", name, " left out, it has more than ", kQueueIdMax + 1, " queues"));
    } else {
      to->topics.push_back(std::move(topic));
    }
  }
  to->versions[Table::kTopics] = file.data_version;
}

void TakeGroups(wire::SubscriptionGroupTable file, MetaContent* to, ImportReport* report) {
  for (auto& [name, group] : file.groups) {
    group.name = name;
    if (IsName(name)) {
      to->groups.push_back(std::move(group));
    } else {
      report->notes.push_back(Concat("group left out, no legal name: ", name));
    }
  }
  to->forbidden = std::move(file.forbidden);
  to->versions[Table::kGroups] = file.data_version;
}

void TakeOffsets(const wire::ConsumerOffsetTable& file, MetaContent* to, ImportReport* report) {
  for (const auto& [name, queues] : file.offsets) {
    const std::size_t at = name.find('@');
    const std::string topic = name.substr(0, at);
    const std::string group = at == std::string::npos ? "" : name.substr(at + 1);
    if (!IsName(topic) || !IsName(group)) {
      report->notes.push_back(Concat("offsets left out, not topic@group: ", name));
      continue;
    }
    for (const auto& [queue, offset] : queues) {
      if (IsQueueId(queue)) {
        to->consumer_offsets.push_back({group, topic, queue, offset});
      } else {
        report->notes.push_back(Concat("offset of ", name, " left out, there is no queue ", queue));
      }
    }
  }
  to->versions[Table::kConsumerOffsets] = file.data_version.value_or(wire::DataVersion{});
}

}  // namespace

StatusOr<ImportReport> ImportJson(FileSystem& fs, const std::string& directory, MetaStore& meta) {
  ImportReport report;
  COMET_ASSIGN(const bool empty, meta.IsEmpty());
  if (!empty) return report;
  Files files(fs, directory, &report);
  COMET_ASSIGN(auto topics, files.Read<TopicsFile>(kTopicsFile));
  COMET_ASSIGN(auto groups, files.Read<wire::SubscriptionGroupTable>(kGroupsFile));
  COMET_ASSIGN(const auto offsets, files.Read<wire::ConsumerOffsetTable>(kOffsetsFile));
  COMET_ASSIGN(const auto delays, files.Read<wire::DelayOffsetTable>(kDelayFile));
  if (!topics && !groups && !offsets && !delays) return report;

  MetaContent content;
  if (topics) TakeTopics(std::move(*topics), &content, &report);
  if (groups) TakeGroups(std::move(*groups), &content, &report);
  if (offsets) TakeOffsets(*offsets, &content, &report);
  if (delays) {
    content.delay_offsets = delays->offsets;
    content.versions[Table::kDelayOffsets] = delays->data_version.value_or(wire::DataVersion{});
  }
  COMET_TRY(meta.Replace(content));
  report.imported = true;
  report.topics = content.topics.size();
  report.groups = content.groups.size();
  report.consumer_offsets = content.consumer_offsets.size();
  report.delay_offsets = content.delay_offsets.size();
  return report;
}

}  // namespace comet::store::meta
