#pragma once

#include <comet/producer.h>

#include <string>

namespace comet {

// Ready ways to pick a queue. Each is a QueueSelector that may be used by several threads and kept
// as long as wanted.

// The same queue for the same key, as long as the topic's queues are the same; the queue that
// Java's SelectMessageQueueByHash picks for the key.
COMET_API QueueSelector by_hash(std::string key);
// Any queue, each as likely as the others.
COMET_API QueueSelector by_random();
// One queue after the other; every selector made has its own turn.
COMET_API QueueSelector round_robin();

}  // namespace comet
