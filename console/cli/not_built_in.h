#pragma once

#include <string_view>

namespace comet::cli {

// For a command of Apache's mqadmin that this one does not have, without regard to case: what is
// missing, "access control". Empty for any other word.
std::string_view NotBuiltIn(std::string_view command);

}  // namespace comet::cli
