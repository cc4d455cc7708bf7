#pragma once

#include <string>

namespace comet {

// Lets this process, and no other, have mounts and networks of its own: as root by leave, otherwise
// by a user namespace where the machine allows one. What it makes is gone when it ends.
//
// The first call enters, which needs a process of one thread. Returns why it could not; empty when
// it is inside.
const std::string& EnterSandbox();

}  // namespace comet
