#include "store/meta/meta_store.h"

#include <functional>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/meta/meta_keys.h"
#include "store/meta/meta_values.h"

namespace comet::store::meta {
namespace {

Status::Code CodeOf(const rocksdb::Status& status) {
  if (status.IsCorruption()) return Status::Code::kCorruption;
  if (status.IsNotFound()) return Status::Code::kNotFound;
  if (status.IsNoSpace()) return Status::Code::kFull;
  if (status.IsBusy() || status.IsTryAgain()) return Status::Code::kUnavailable;
  if (status.IsInvalidArgument()) return Status::Code::kInvalid;
  return Status::Code::kIo;
}

Status ToStatus(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return {};
  return {CodeOf(status), Concat(doing, ": ", status.ToString())};
}

// For some megabytes of small values: little memory, no statistics, two files of its own log.
rocksdb::Options OptionsFor(const MetaStoreOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes, 0);
  rocksdb::Options to;
  to.create_if_missing = true;
  to.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  to.compression = rocksdb::kNoCompression;
  to.write_buffer_size = options.write_buffer_bytes;
  to.max_write_buffer_number = 2;
  to.max_total_wal_size = 8 * options.write_buffer_bytes;
  to.max_open_files = 64;
  to.max_background_jobs = 2;
  to.max_file_opening_threads = 1;
  to.stats_dump_period_sec = 0;
  to.stats_persist_period_sec = 0;
  to.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  to.keep_log_file_num = 2;
  to.max_log_file_size = 1 << 20;
  // A torn end of the write-ahead log is what a crash leaves; a synced part that is missing is
  // damage, and is told from the former by the sizes in the manifest.
  to.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  to.track_and_verify_wals_in_manifest = true;
  return to;
}

class RocksMetaStore final : public MetaStore {
 public:
  explicit RocksMetaStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}
  ~RocksMetaStore() override {
    // Whoever needed durability has asked for it and heard the result.
    (void)db_->Close();
  }

  StatusOr<bool> IsEmpty() override {
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
    it->SeekToFirst();
    COMET_TRY(ToStatus(it->status(), "read metadata"));
    return !it->Valid();
  }

  StatusOr<std::vector<wire::TopicConfig>> Topics() override {
    COMET_ASSIGN(auto topics, (Values<pb::Topic, wire::TopicConfig>(key::kTopic)));
    std::erase_if(topics, [](const auto& topic) {
      if (!HasTooManyQueues(topic)) return false;
      LOG_WARN << "metadata: topic " << topic.name << " left out, it has more than "
               << kQueueIdMax + 1 << " queues";
      return true;
    });
    return topics;
  }
  Status PutTopics(std::span<const wire::TopicConfig> topics,
                   const wire::DataVersion& version) override {
    rocksdb::WriteBatch batch;
    COMET_TRY(AddAll(topics, key::kTopic, &batch));
    return Change(&batch, Table::kTopics, version, true);
  }
  Status DeleteTopics(std::span<const std::string> names,
                      const wire::DataVersion& version) override {
    rocksdb::WriteBatch batch;
    for (const std::string& name : names) {
      COMET_TRY(ToStatus(batch.Delete(key::Named(key::kTopic, name)), "delete topic"));
    }
    return Change(&batch, Table::kTopics, version, true);
  }

  StatusOr<std::vector<wire::SubscriptionGroupConfig>> Groups() override {
    return Values<pb::Group, wire::SubscriptionGroupConfig>(key::kGroup);
  }
  Status PutGroups(std::span<const wire::SubscriptionGroupConfig> groups,
                   const wire::DataVersion& version) override {
    rocksdb::WriteBatch batch;
    COMET_TRY(AddAll(groups, key::kGroup, &batch));
    return Change(&batch, Table::kGroups, version, true);
  }
  Status DeleteGroups(std::span<const std::string> names,
                      const wire::DataVersion& version) override {
    rocksdb::WriteBatch batch;
    for (const std::string& name : names) {
      COMET_TRY(ToStatus(batch.Delete(key::Named(key::kGroup, name)), "delete group"));
      COMET_TRY(ToStatus(batch.Delete(key::Named(key::kForbidden, name)), "delete group"));
    }
    return Change(&batch, Table::kGroups, version, true);
  }

  StatusOr<Forbidden> ForbiddenPulls() override {
    Forbidden all;
    Status status =
        ForEach({&key::kForbidden, 1}, [&](std::string_view key, std::string_view value) {
          pb::Forbidden forbidden;
          COMET_TRY(Parse(key, value, &forbidden));
          const auto& bits = forbidden.bits_of_topic();
          all[std::string(key.substr(1))] = {bits.begin(), bits.end()};
          return Status();
        });
    COMET_TRY(std::move(status));
    return all;
  }
  Status PutForbiddenPulls(std::string_view group,
                           const std::map<std::string, std::int32_t>& bits_of_topic) override {
    rocksdb::WriteBatch batch;
    COMET_TRY(AddForbidden(group, bits_of_topic, &batch));
    return Write(&batch, true);
  }

  StatusOr<std::vector<ConsumerOffset>> ConsumerOffsets() override {
    std::vector<ConsumerOffset> offsets;
    Status status = ForEach({&key::kOffset, 1}, [&](std::string_view key, std::string_view value) {
      auto offset = key::ParseOffset(key);
      pb::Offset number;
      if (!offset) return Status(Status::Code::kCorruption, "metadata: a key that is no offset's");
      if (!IsQueueId(offset->queue_id)) {
        LOG_WARN << "metadata: offset of group " << offset->group << " in topic " << offset->topic
                 << " left out, there is no queue " << offset->queue_id;
        return Status();
      }
      COMET_TRY(Parse(key, value, &number));
      offset->offset = number.offset();
      offsets.push_back(std::move(*offset));
      return Status();
    });
    COMET_TRY(std::move(status));
    return offsets;
  }
  Status PutConsumerOffsets(std::span<const ConsumerOffset> offsets,
                            const wire::DataVersion& version) override {
    rocksdb::WriteBatch batch;
    for (const ConsumerOffset& offset : offsets) {
      COMET_TRY(AddOffset(key::OffsetOf(offset), offset.offset, &batch));
    }
    return Change(&batch, Table::kConsumerOffsets, version, false);
  }
  Status DeleteConsumerOffsets(std::string_view group, std::string_view topic) override {
    if (group.empty() && topic.empty()) {
      return {Status::Code::kInvalid, "delete consumer offsets: neither group nor topic"};
    }
    std::string prefix(1, key::kOffset);
    if (!group.empty()) prefix = key::OffsetsOf(group);
    if (!group.empty() && !topic.empty()) prefix = key::OffsetsOf(group, topic);
    rocksdb::WriteBatch batch;
    Status status = ForEach(prefix, [&](std::string_view key, std::string_view /*value*/) {
      const auto offset = key::ParseOffset(key);
      if (!offset || (!topic.empty() && offset->topic != topic)) return Status();
      return ToStatus(batch.Delete(rocksdb::Slice(key.data(), key.size())), "delete offset");
    });
    COMET_TRY(std::move(status));
    return Write(&batch, true);
  }

  StatusOr<DelayOffsets> DelayLevelOffsets() override {
    DelayOffsets offsets;
    Status status = ForEach({&key::kDelay, 1}, [&](std::string_view key, std::string_view value) {
      const auto level = key::ParseLevel(key);
      pb::Offset number;
      if (!level) return Status(Status::Code::kCorruption, "metadata: a key that is no level's");
      COMET_TRY(Parse(key, value, &number));
      offsets[*level] = number.offset();
      return Status();
    });
    COMET_TRY(std::move(status));
    return offsets;
  }
  Status PutDelayLevelOffsets(const DelayOffsets& offsets,
                              const wire::DataVersion& version) override {
    rocksdb::WriteBatch batch;
    for (const auto& [level, offset] : offsets) {
      COMET_TRY(AddOffset(key::OfLevel(level), offset, &batch));
    }
    return Change(&batch, Table::kDelayOffsets, version, false);
  }

  StatusOr<wire::DataVersion> Version(Table table) override {
    std::string value;
    const std::string key = key::OfVersion(table);
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), key, &value);
    if (status.IsNotFound()) return wire::DataVersion{};
    COMET_TRY(ToStatus(status, "read data version"));
    pb::Version version;
    COMET_TRY(Parse(key, value, &version));
    return FromProto(version);
  }

  Status Replace(const MetaContent& content) override {
    rocksdb::WriteBatch batch;
    COMET_TRY(ToStatus(batch.DeleteRange(std::string(1, '\0'), std::string(1, '\x7f')), "clear"));
    COMET_TRY(AddAll(std::span(content.topics), key::kTopic, &batch));
    COMET_TRY(AddAll(std::span(content.groups), key::kGroup, &batch));
    for (const auto& [group, bits] : content.forbidden) {
      COMET_TRY(AddForbidden(group, bits, &batch));
    }
    for (const ConsumerOffset& offset : content.consumer_offsets) {
      COMET_TRY(AddOffset(key::OffsetOf(offset), offset.offset, &batch));
    }
    for (const auto& [level, offset] : content.delay_offsets) {
      COMET_TRY(AddOffset(key::OfLevel(level), offset, &batch));
    }
    for (const auto& [table, version] : content.versions) {
      COMET_TRY(Add(key::OfVersion(table), ToProto(version), &batch));
    }
    return Write(&batch, true);
  }

  Status Sync() override { return ToStatus(db_->FlushWAL(true), "sync metadata"); }

 private:
  template <class Message>
  static Status Parse(std::string_view key, std::string_view value, Message* message) {
    if (message->ParseFromArray(value.data(), static_cast<int>(value.size()))) return {};
    return {Status::Code::kCorruption, Concat("metadata: the value of '", key, "' is damaged")};
  }

  template <class Message>
  static Status Add(const std::string& key, const Message& message, rocksdb::WriteBatch* batch) {
    return ToStatus(batch->Put(key, message.SerializeAsString()), "write metadata");
  }
  template <class Values>
  static Status AddAll(Values values, char kind, rocksdb::WriteBatch* batch) {
    for (const auto& value : values) {
      COMET_TRY(Add(key::Named(kind, value.name), ToProto(value), batch));
    }
    return {};
  }
  static Status AddOffset(const std::string& key, std::int64_t offset, rocksdb::WriteBatch* batch) {
    pb::Offset value;
    value.set_offset(offset);
    return Add(key, value, batch);
  }
  static Status AddForbidden(std::string_view group,
                             const std::map<std::string, std::int32_t>& bits_of_topic,
                             rocksdb::WriteBatch* batch) {
    pb::Forbidden value;
    value.mutable_bits_of_topic()->insert(bits_of_topic.begin(), bits_of_topic.end());
    return Add(key::Named(key::kForbidden, group), value, batch);
  }

  // Visits the keys that begin with `prefix`, in order; stops at the first error.
  Status ForEach(std::string_view prefix,
                 const std::function<Status(std::string_view, std::string_view)>& visit) {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
    for (it->Seek(rocksdb::Slice(prefix.data(), prefix.size())); it->Valid(); it->Next()) {
      const std::string_view key = it->key().ToStringView();
      if (!key.starts_with(prefix)) break;
      COMET_TRY(visit(key, it->value().ToStringView()));
    }
    return ToStatus(it->status(), "read metadata");
  }
  template <class Message, class Value>
  StatusOr<std::vector<Value>> Values(char kind) {
    std::vector<Value> values;
    Status status = ForEach({&kind, 1}, [&](std::string_view key, std::string_view value) {
      Message message;
      COMET_TRY(Parse(key, value, &message));
      values.push_back(FromProto(message));
      return Status();
    });
    COMET_TRY(std::move(status));
    return values;
  }

  Status Change(rocksdb::WriteBatch* batch, Table table, const wire::DataVersion& version,
                bool sync) {
    COMET_TRY(Add(key::OfVersion(table), ToProto(version), batch));
    return Write(batch, sync);
  }
  Status Write(rocksdb::WriteBatch* batch, bool sync) {
    rocksdb::WriteOptions options;
    options.sync = sync;
    return ToStatus(db_->Write(options, batch), "write metadata");
  }

  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

StatusOr<std::unique_ptr<MetaStore>> MetaStore::Open(const MetaStoreOptions& options) {
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(OptionsFor(options), options.directory, &db);
  if (!status.ok()) return ToStatus(status, Concat("open metadata in ", options.directory));
  return std::unique_ptr<MetaStore>(
      std::make_unique<RocksMetaStore>(std::unique_ptr<rocksdb::DB>(db)));
}

}  // namespace comet::store::meta
