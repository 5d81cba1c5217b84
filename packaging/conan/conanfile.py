# SPDX-License-Identifier: MIT
"""The Conan 2 recipe of a release archive.

Never run by Conan itself so far; tests/packaging runs it with stand-ins for Conan's classes. script/release-archive
writes conandata.yml.
"""

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get, rmdir
from conan.tools.gnu import PkgConfigDeps

required_conan_version = ">=2.0"


class AsyncSocketConan(ConanFile):
    name = "async_socket"
    version = "0.1.0"
    description = "Asynchronous TCP sockets for C, and with coroutines for C++20, with a lifetime contract"
    license = "MIT"
    topics = ("socket", "tcp", "asynchronous", "io-uring", "coroutines")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "tool": [True, False]}
    default_options = {"shared": False, "fPIC": True, "tool": False}
    implements = ["auto_shared_fpic"]

    def layout(self):
        cmake_layout(self, src_folder="src")

    def requirements(self):
        if self.settings.os == "Linux":
            self.requires("liburing/[>=2.3 <3]")
        if self.options.tool:
            self.requires("cli11/[>=2.1 <3]")
            # Windows computes SHA-256 itself.
            if self.settings.os != "Windows":
                self.requires("libgcrypt/[>=1.8 <2]")

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.25]")
        if self.settings.os == "Linux":
            self.tool_requires("pkgconf/[>=1.8]")

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os not in ("Linux", "Windows"):
            raise ConanInvalidConfiguration("async_socket is for Linux and Windows")

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ASYNC_SOCKET_BUILD_TESTS"] = False
        toolchain.cache_variables["ASYNC_SOCKET_BUILD_EXAMPLES"] = False
        toolchain.cache_variables["ASYNC_SOCKET_BUILD_TOOLS"] = bool(self.options.tool)
        toolchain.cache_variables["ASYNC_SOCKET_INSTALL"] = True
        toolchain.generate()
        CMakeDeps(self).generate()
        PkgConfigDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # Conan describes the package to CMake and pkg-config itself, from what package_info says.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))
        rmdir(self, os.path.join(self.package_folder, "share"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "async_socket")
        self.cpp_info.set_property("cmake_target_name", "async_socket::async_socket")
        self.cpp_info.set_property("pkg_config_name", "async_socket")
        self.cpp_info.libs = ["async_socket"]
        if not self.options.shared:
            self.cpp_info.defines = ["ASYNC_SOCKET_STATIC_DEFINE"]
        if self.settings.os == "Linux":
            self.cpp_info.system_libs = ["pthread"]
        else:
            self.cpp_info.system_libs = ["ws2_32"]
        if self.options.tool:
            self.buildenv_info.append_path("PATH", os.path.join(self.package_folder, "bin"))
            self.runenv_info.append_path("PATH", os.path.join(self.package_folder, "bin"))
