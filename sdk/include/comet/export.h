#pragma once

// Marks what the shared library gives to its users; everything else in it is hidden, so that two
// libraries with the same helpers inside can live in one process.
#define COMET_API __attribute__((visibility("default")))
