# Compiler flags and the three functions with which every folder declares its targets.
include(GNUInstallDirs)
find_package(Threads REQUIRED)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(COMET_SANITIZE "" CACHE STRING "Sanitizers: address;undefined, thread, fuzzer-no-link ...")
option(COMET_COVERAGE "gcov instrumentation" OFF)
option(COMET_WERROR "Warnings are errors" ON)
set(comet_is_release OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT COMET_SANITIZE)
  set(comet_is_release ON)
endif()
option(COMET_SHARED_SDK "Build libcomet.so besides libcomet.a" ${comet_is_release})

find_program(COMET_CCACHE ccache)
if(COMET_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${COMET_CCACHE})
endif()
find_program(COMET_MOLD mold)
if(COMET_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(comet_flags INTERFACE)
target_include_directories(comet_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(comet_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wformat=2 -Wundef
  -fno-omit-frame-pointer
  $<$<BOOL:${COMET_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wsuggest-override>
  # In a unit of several sources it takes each of them for a header.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-sign-conversion>)
target_link_libraries(comet_flags INTERFACE Threads::Threads)
if(COMET_SANITIZE)
  list(JOIN COMET_SANITIZE "," comet_sanitizers)
  # Not vptr: it asks the kernel through a pipe, which tests without descriptors cannot give it.
  target_compile_options(comet_flags INTERFACE
    -fsanitize=${comet_sanitizers} -fno-sanitize=vptr -fno-sanitize-recover=all)
  target_link_options(comet_flags INTERFACE -fsanitize=${comet_sanitizers})
endif()
if(COMET_COVERAGE)
  target_compile_options(comet_flags INTERFACE --coverage)
  target_link_options(comet_flags INTERFACE --coverage)
endif()

# How far inlining may let a unit grow is meant for one source; 16 together want 16 times as much.
# With the default of 10000, decoding a JSON header took 1.3 times as long. Tests do without.
set(comet_product_options
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:--param=large-unit-insns=160000>)

# comet_library(store SOURCES a.cc b.cc DEPS comet::base) defines comet_store, alias comet::store.
# Public headers of a target may only include what DEPS lists: DEPS are PUBLIC, USES are PRIVATE.
function(comet_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;USES" ${ARGN})
  add_library(comet_${name} STATIC ${ARG_SOURCES})
  add_library(comet::${name} ALIAS comet_${name})
  target_link_libraries(comet_${name} PUBLIC comet_flags ${ARG_DEPS} PRIVATE ${ARG_USES})
  target_compile_options(comet_${name} PRIVATE ${comet_product_options})
endfunction()

# comet_program(mqbroker SOURCES main.cc USES comet::broker) defines an installed executable.
function(comet_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE comet_flags ${ARG_USES})
  target_compile_options(${name} PRIVATE ${comet_product_options})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# comet_tests(store SOURCES a_test.cc DEPS comet::store LABEL unit) builds one executable,
# store_test, and registers every test case of it with ctest.
function(comet_tests name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE
    comet_flags ${ARG_DEPS} GTest::gmock GTest::gtest GTest::gtest_main)
  if(COMET_SANITIZE)
    target_compile_options(${name}_test PRIVATE -O0)  # half the time to compile; the product keeps -O1
  endif()
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS ${ARG_LABEL})
endfunction()
