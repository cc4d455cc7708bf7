# The installed SDK: headers, libcomet.a and libcomet.so, for find_package(comet) and pkg-config.
include(CMakePackageConfigHelpers)

set(comet_sdk_parts comet_client comet_net comet_wire comet_base)
set(comet_sdk_objects)
foreach(part ${comet_sdk_parts})
  list(APPEND comet_sdk_objects $<TARGET_OBJECTS:${part}>)
endforeach()

add_library(comet_sdk STATIC ${comet_sdk_objects})
set_target_properties(comet_sdk PROPERTIES OUTPUT_NAME comet LINKER_LANGUAGE CXX)
install(TARGETS comet_sdk ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

if(COMET_SHARED_SDK)
  # Hidden but for what COMET_API marks, so that it may live in one process with anything.
  set_target_properties(${comet_sdk_parts} PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  add_library(comet_sdk_shared SHARED $<TARGET_OBJECTS:comet_client>)
  get_target_property(comet_client_uses comet_client LINK_LIBRARIES)
  target_link_libraries(comet_sdk_shared PRIVATE ${comet_client_uses})
  target_link_options(comet_sdk_shared PRIVATE
    -Wl,--no-undefined -Wl,--as-needed -Wl,--exclude-libs,ALL)
  set_target_properties(comet_sdk_shared PROPERTIES OUTPUT_NAME comet LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  install(TARGETS comet_sdk_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()

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
