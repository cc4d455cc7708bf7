#include "remoting/net/libevent_ptr.h"

#include <event2/dns.h>
#include <event2/event.h>

namespace comet::net {

void EventDeleter::operator()(event_base* base) const {
  event_base_free(base);
}
void EventDeleter::operator()(event* event) const {
  event_free(event);
}
void EventDeleter::operator()(evdns_base* dns) const {
  evdns_base_free(dns, 0);
}

}  // namespace comet::net
