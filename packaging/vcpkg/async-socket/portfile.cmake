# SPDX-License-Identifier: MIT
#
# Builds a release archive. Never run by vcpkg itself so far; tests/packaging runs it with stand-ins for vcpkg's
# functions. script/release-archive writes release.cmake.

include("${CMAKE_CURRENT_LIST_DIR}/release.cmake")

vcpkg_download_distfile(ARCHIVE
    URLS "${RELEASE_URL}"
    FILENAME "async_socket-${VERSION}.tar.gz"
    SHA512 "${RELEASE_SHA512}"
)
vcpkg_extract_source_archive(SOURCE_PATH ARCHIVE "${ARCHIVE}")

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS
    FEATURES
        tool ASYNC_SOCKET_BUILD_TOOLS
)
vcpkg_find_acquire_program(PKGCONFIG)
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        ${FEATURE_OPTIONS}
        -DASYNC_SOCKET_BUILD_TESTS=OFF
        -DASYNC_SOCKET_BUILD_EXAMPLES=OFF
        -DASYNC_SOCKET_INSTALL=ON
        "-DPKG_CONFIG_EXECUTABLE=${PKGCONFIG}"
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME async_socket CONFIG_PATH lib/cmake/async_socket)
vcpkg_fixup_pkgconfig()
vcpkg_copy_pdbs()
if("tool" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES asock AUTO_CLEAN)
endif()

file(REMOVE_RECURSE
    "${CURRENT_PACKAGES_DIR}/debug/include"
    "${CURRENT_PACKAGES_DIR}/debug/share"
    "${CURRENT_PACKAGES_DIR}/share/doc"
)
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
