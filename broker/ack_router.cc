#include "broker/ack_router.h"

#include <utility>

#include "remoting/base/check.h"

namespace comet::broker {

AckRouter::AckRouter(std::vector<Deliver> deliver) : deliver_(std::move(deliver)) {}

void AckRouter::OnAcks(std::uint32_t loop, std::vector<store::Ack> acks) {
  COMET_CHECK_LT(loop, deliver_.size());
  deliver_[loop](std::move(acks));
}

}  // namespace comet::broker
