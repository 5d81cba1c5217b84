# SPDX-License-Identifier: MIT
"""What the classes and functions of Conan 2 that the recipe uses do, as far as it asks for it, with plain CMake.

For one configuration: a static library on this machine. Sources and build of the recipe are below its base directory.
"""

import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import types
import urllib.request

SETTINGS = {"os": "Linux", "arch": "x86_64", "compiler": "gcc", "build_type": "Release"}


def run(*command):
    print("$", *command, flush=True)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL).stdout


class CppInfo:
    def __init__(self):
        self.properties = {}
        self.libs, self.defines, self.system_libs = [], [], []

    def set_property(self, name, value):
        self.properties[name] = value


class ConanFile:
    default_options = {}

    def __init__(self, base, package):
        self.base, self.package_folder = base, str(package)
        self.settings = types.SimpleNamespace(**SETTINGS)
        self.options = types.SimpleNamespace(**self.default_options)
        self.cpp_info = CppInfo()
        self.required, self.required_tools = [], []
        self.cache_variables = {}
        self.source_folder = str(base / "source")
        self.cpp = types.SimpleNamespace(build=types.SimpleNamespace(bindir=str(base / "build")))

    def requires(self, reference):
        self.required.append(reference)

    def tool_requires(self, reference):
        self.required_tools.append(reference)

    def run(self, command, env):
        assert env == "conanrun"
        self.output = run(command)


class CMakeToolchain:
    def __init__(self, recipe):
        self.recipe = recipe
        self.cache_variables = {
            "BUILD_SHARED_LIBS": recipe.options.shared,
            "CMAKE_POSITION_INDEPENDENT_CODE": recipe.options.fPIC,
        }

    def generate(self):
        self.recipe.cache_variables = self.cache_variables


class Generator:
    def __init__(self, recipe):
        assert recipe.required

    def generate(self):
        """The packages that are required are those of this machine, which describe themselves."""


def describe_to_cmake(recipe, directory):
    """What CMakeDeps would write for a consumer of the package."""
    info = recipe.cpp_info
    file, target = info.properties["cmake_file_name"], info.properties["cmake_target_name"]
    package = recipe.package_folder
    libraries = [f"{package}/lib/lib{library}.a" for library in info.libs] + info.system_libs
    lines = ["find_package(PkgConfig REQUIRED)", f"add_library({target} INTERFACE IMPORTED)"]
    for reference in recipe.required:
        name = reference.split("/")[0]
        lines.append(f"pkg_check_modules({name} REQUIRED IMPORTED_TARGET {name})")
        libraries.append(f"PkgConfig::{name}")
    lines.append(f'target_include_directories({target} INTERFACE "{package}/include")')
    lines.append(f"target_compile_definitions({target} INTERFACE {' '.join(info.defines)})")
    lines.append(f"target_link_libraries({target} INTERFACE {' '.join(libraries)})")
    directory.mkdir(parents=True)
    (directory / f"{file}Config.cmake").write_text("\n".join(lines) + "\n", encoding="utf-8")


def cmake_class(program, profile):
    class CMake:
        def __init__(self, recipe):
            self.recipe, self.binary = recipe, recipe.base / "build"

        def configure(self):
            variables = dict(self.recipe.cache_variables, CMAKE_BUILD_TYPE=self.recipe.settings.build_type)
            # What is tested is not the code: -O0 is compiled faster.
            variables.update(CMAKE_INSTALL_PREFIX=self.recipe.package_folder, CMAKE_CXX_FLAGS_RELEASE="-O0")
            variables.update(CMAKE_PREFIX_PATH=self.recipe.base / "generators")
            switches = {True: "ON", False: "OFF"}
            settings = [
                f"-D{name}={switches[value] if isinstance(value, bool) else value}" for name, value in variables.items()
            ]
            run(program, "--fresh", "-S", self.recipe.source_folder, "-B", self.binary, *profile, *settings)

        def build(self):
            run(program, "--build", self.binary)

        def install(self):
            run(program, "--install", self.binary)

    return CMake


def get(recipe, url, sha256, strip_root):
    """Downloads, checks and unpacks the archive in place of what is there."""
    assert strip_root
    archive = recipe.base / "downloads" / url.rsplit("/", 1)[1]
    archive.parent.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(url) as source:
        archive.write_bytes(source.read())
    if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        raise ValueError(f"{url} has not the checksum {sha256}")
    target = pathlib.Path(recipe.source_folder)
    unpacked = recipe.base / "unpacked"
    for directory in (target, unpacked):
        shutil.rmtree(directory, ignore_errors=True)
    with tarfile.open(archive) as members:
        members.extractall(unpacked)
    (top,) = unpacked.iterdir()
    top.rename(target)


def copy(_, name, src, dst):
    os.makedirs(dst, exist_ok=True)
    shutil.copy(os.path.join(src, name), dst)


def rmdir(_, directory):
    shutil.rmtree(directory, ignore_errors=True)


def cmake_layout(recipe, src_folder=None):
    """The directories are those that the base class has set."""


def module(name, **content):
    made = types.ModuleType(name)
    vars(made).update(content)
    sys.modules[name] = made


def install(cmake, profile):
    """Makes `conan` and its modules such that a recipe can import them."""
    module("conan", ConanFile=ConanFile)
    module("conan.errors", ConanInvalidConfiguration=type("ConanInvalidConfiguration", (Exception,), {}))
    module("conan.tools")
    module("conan.tools.build", check_min_cppstd=lambda recipe, standard: None, can_run=lambda recipe: True)
    module(
        "conan.tools.cmake",
        CMake=cmake_class(cmake, profile),
        CMakeDeps=Generator,
        CMakeToolchain=CMakeToolchain,
        cmake_layout=cmake_layout,
    )
    module("conan.tools.files", copy=copy, get=get, rmdir=rmdir)
    module("conan.tools.gnu", PkgConfigDeps=Generator)


def load(path, base, package):
    """The recipe of a file."""
    specification = importlib.util.spec_from_file_location(f"recipe_of_{path.parent.name}", path)
    loaded = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(loaded)
    recipes = [value for value in vars(loaded).values() if isinstance(value, type) and issubclass(value, ConanFile)]
    (recipe,) = [value for value in recipes if value is not ConanFile]
    return recipe(base, package)
