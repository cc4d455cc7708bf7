#include "broker/arrival_router.h"

#include <bit>
#include <utility>

#include "remoting/base/check.h"

namespace comet::broker {

ArrivalRouter::ArrivalRouter(std::vector<Deliver> deliver)
    : deliver_(std::move(deliver)), batches_(deliver_.size()) {
  COMET_CHECK_LE(deliver_.size(), kPlacesMax);
}

void ArrivalRouter::OnArrivals(std::span<const store::Arrival> arrivals) {
  for (const store::Arrival& arrival : arrivals) {
    for (auto places = arrival.loops; places != 0; places &= places - 1) {
      const auto place = static_cast<std::size_t>(std::countr_zero(places));
      COMET_CHECK_LT(place, batches_.size());
      batches_[place].push_back({arrival.queue, arrival.end});
    }
  }
  for (std::size_t place = 0; place < batches_.size(); ++place) {
    if (!batches_[place].empty()) deliver_[place](std::exchange(batches_[place], {}));
  }
}

}  // namespace comet::broker
