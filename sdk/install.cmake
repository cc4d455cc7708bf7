# The installed SDK: headers and one static library, usable by find_package(comet) or pkg-config.
include(CMakePackageConfigHelpers)

add_library(comet_sdk STATIC
  $<TARGET_OBJECTS:comet_client> $<TARGET_OBJECTS:comet_net>
  $<TARGET_OBJECTS:comet_wire> $<TARGET_OBJECTS:comet_base>)
set_target_properties(comet_sdk PROPERTIES OUTPUT_NAME comet LINKER_LANGUAGE CXX)
install(TARGETS comet_sdk ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/comet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(comet_package ${CMAKE_INSTALL_LIBDIR}/cmake/comet)
set(comet_templates ${CMAKE_SOURCE_DIR}/scripts/cmake)
configure_package_config_file(${comet_templates}/comet-config.cmake.in comet-config.cmake
  INSTALL_DESTINATION ${comet_package}
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(comet-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_file(${comet_templates}/comet.pc.in comet.pc @ONLY)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/comet-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/comet-config-version.cmake
  DESTINATION ${comet_package})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/comet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
