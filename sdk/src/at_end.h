#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace comet::client {

// Runs `done` when the last copy of what it returns is gone: how several answers are waited for.
inline std::shared_ptr<void> AtEnd(std::function<void()> done) {
  return {nullptr, [done = std::move(done)](void*) {
            if (done) done();
          }};
}

}  // namespace comet::client
