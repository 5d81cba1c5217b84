// SPDX-License-Identifier: MIT
//
// That a received file has its name after the machine has failed: with an fsync that says what it was asked for.

#include "platform/text.hpp"
#include "transfer/received_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// What was brought to the disk, in order.
std::vector<struct stat>& synced()
{
    static std::vector<struct stat> all;
    return all;
}

} // namespace

// In place of the system's.
extern "C" int fsync(int descriptor)
{
    struct stat status {};
    if (::fstat(descriptor, &status) == 0) {
        synced().push_back(status);
    }
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace {

namespace fs = std::filesystem;
using asock::received_file;

TEST(durable_name, a_file_is_on_the_disk_before_its_name_is_and_its_name_before_commit_returns)
{
    std::string directory = (fs::temp_directory_path() / "asock-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(directory.data()), nullptr);
    for (const auto then : {received_file::if_it_exists::refuse, received_file::if_it_exists::replace}) {
        synced().clear();
        received_file file(directory + "/target", then, std::stop_token());
        file.commit();
        struct stat place {};
        ASSERT_EQ(::stat(directory.c_str(), &place), 0);
        ASSERT_EQ(synced().size(), 2U);
        EXPECT_TRUE(S_ISREG(synced()[0].st_mode));
        EXPECT_EQ(synced()[1].st_ino, place.st_ino);
    }
    fs::remove_all(directory);
}

} // namespace
