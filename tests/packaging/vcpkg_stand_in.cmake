# SPDX-License-Identifier: MIT
#
# What the functions of vcpkg that the port calls do, as far as the port asks for it, for the triplet of a static
# library on this machine and for one configuration. Sources and build are below WORK.

macro(vcpkg_arguments one many)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "${one}" "${many}")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${CMAKE_CURRENT_FUNCTION}: not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
endmacro()

function(vcpkg_download_distfile result)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILENAME;SHA512" "URLS")
    file(DOWNLOAD "${arg_URLS}" "${WORK}/downloads/${arg_FILENAME}" EXPECTED_HASH "SHA512=${arg_SHA512}" STATUS status)
    list(GET status 0 failed)
    if(failed)
        message(FATAL_ERROR "no ${arg_URLS}: ${status}")
    endif()
    set(${result} "${WORK}/downloads/${arg_FILENAME}" PARENT_SCOPE)
endfunction()

function(vcpkg_extract_source_archive result)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "ARCHIVE" "")
    file(REMOVE_RECURSE "${WORK}/source" "${WORK}/extracted")
    file(ARCHIVE_EXTRACT INPUT "${arg_ARCHIVE}" DESTINATION "${WORK}/extracted")
    # The one directory of the archive.
    file(GLOB top LIST_DIRECTORIES TRUE "${WORK}/extracted/*")
    file(RENAME "${top}" "${WORK}/source")
    set(${result} "${WORK}/source" PARENT_SCOPE)
endfunction()

function(vcpkg_check_features)
    vcpkg_arguments("OUT_FEATURE_OPTIONS" "FEATURES")
    set(options "")
    while(arg_FEATURES)
        list(POP_FRONT arg_FEATURES feature option)
        if(feature IN_LIST FEATURES)
            list(APPEND options "-D${option}=ON")
        else()
            list(APPEND options "-D${option}=OFF")
        endif()
    endwhile()
    set(${arg_OUT_FEATURE_OPTIONS} "${options}" PARENT_SCOPE)
endfunction()

function(vcpkg_find_acquire_program program)
    string(TOLOWER "${program}" name)
    find_program(${program} NAMES ${name} pkg-config REQUIRED)
    set(${program} "${${program}}" PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
    vcpkg_arguments("SOURCE_PATH" "OPTIONS")
    configure("${arg_SOURCE_PATH}" "${WORK}/build" --fresh -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_LIBDIR=lib
        "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}" ${arg_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
    build("${WORK}/build")
    run("${CMAKE_COMMAND}" --install "${WORK}/build")
endfunction()

# The files go up by one directory, so that they find the prefix one level nearer.
function(vcpkg_cmake_config_fixup)
    vcpkg_arguments("PACKAGE_NAME;CONFIG_PATH" "")
    set(directory "${CURRENT_PACKAGES_DIR}/share/${arg_PACKAGE_NAME}")
    file(RENAME "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}" "${directory}")
    cmake_path(GET arg_CONFIG_PATH PARENT_PATH empty)
    file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/${empty}")
    file(GLOB files "${directory}/*.cmake")
    foreach(file IN LISTS files)
        file(READ "${file}" text)
        string(REPLACE "/../../../" "/../../" text "${text}")
        set(up "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
        string(REPLACE "${up}${up}${up}" "${up}${up}" text "${text}")
        file(WRITE "${file}" "${text}")
    endforeach()
endfunction()

function(vcpkg_fixup_pkgconfig)
    run("${PKG_CONFIG}" --validate "${CURRENT_PACKAGES_DIR}/lib/pkgconfig/async_socket.pc")
endfunction()

function(vcpkg_copy_pdbs)
endfunction()

function(vcpkg_install_copyright)
    vcpkg_arguments("" "FILE_LIST")
    file(INSTALL "${arg_FILE_LIST}" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}" RENAME copyright)
endfunction()
