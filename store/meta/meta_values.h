#pragma once

// Between what the broker uses and the messages of meta.proto.

#include <map>
#include <string>

#include "store/meta/meta.pb.h"
#include "store/meta/meta_store.h"

namespace comet::store::meta {

pb::Version ToProto(const wire::DataVersion& version);
pb::Topic ToProto(const wire::TopicConfig& topic);
pb::Group ToProto(const wire::SubscriptionGroupConfig& group);

wire::DataVersion FromProto(const pb::Version& version);
wire::TopicConfig FromProto(const pb::Topic& topic);
wire::SubscriptionGroupConfig FromProto(const pb::Group& group);

}  // namespace comet::store::meta
