// SPDX-License-Identifier: MIT

#include "platform/file.hpp"
#include "platform/text.hpp"
#include "terminal/error.hpp"
#include "transfer/received_file.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>

namespace {

namespace fs = std::filesystem;
using asock::received_file;

std::span<const std::byte> content_of(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

class received_file_test : public testing::Test {
protected:
    received_file_test()
        : directory_(fs::temp_directory_path() / ("asock-test-" + std::to_string(std::random_device{}())))
    {
        fs::create_directory(directory_);
    }

    ~received_file_test() override
    {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    std::string target(const std::string& name = "target") const
    {
        return asock::to_utf8(directory_ / asock::path_from_utf8(name));
    }

    std::string contents(const std::string& name = "target") const
    {
        std::ifstream in(directory_ / asock::path_from_utf8(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(directory_), fs::directory_iterator()); }

    static constexpr auto replace = received_file::if_it_exists::replace;
    const fs::path directory_;
    const std::stop_token never_;
};

TEST_F(received_file_test, has_its_name_only_when_it_is_whole)
{
    received_file file(target(), replace, never_);
    EXPECT_TRUE(file.has_temporary());
    file.write(content_of("hello "));
    file.write(content_of("world"));
    EXPECT_FALSE(fs::exists(target()));
    EXPECT_EQ(files(), 1);
    file.commit();
    EXPECT_EQ(contents(), "hello world");
    EXPECT_EQ(files(), 1);
    EXPECT_FALSE(file.has_temporary());
}

TEST_F(received_file_test, leaves_nothing_when_it_is_given_up)
{
    {
        received_file file(target(), replace, never_);
        file.write(content_of("half"));
        EXPECT_EQ(files(), 1);
    }
    EXPECT_EQ(files(), 0);
}

TEST_F(received_file_test, replaces_the_old_file_at_the_end_and_not_before)
{
    std::ofstream(target()) << "old";
    {
        received_file given_up(target(), replace, never_);
        given_up.write(content_of("half"));
    }
    EXPECT_EQ(contents(), "old");
    received_file file(target(), replace, never_);
    file.write(content_of("new"));
    EXPECT_EQ(contents(), "old");
    file.commit();
    EXPECT_EQ(contents(), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(received_file_test, two_of_the_same_name_do_not_disturb_each_other)
{
    received_file first(target(), replace, never_);
    received_file second(target(), replace, never_);
    first.write(content_of("first"));
    second.write(content_of("second"));
    first.commit();
    EXPECT_EQ(contents(), "first");
    second.commit();
    EXPECT_EQ(contents(), "second");
}

TEST_F(received_file_test, refuses_a_directory_and_a_name_in_no_directory)
{
    try {
        received_file file(asock::to_utf8(directory_), replace, never_);
        ADD_FAILURE() << "a directory was taken";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::is_a_directory);
    }
    EXPECT_THROW(received_file(target("missing/file"), replace, never_), std::system_error);
    EXPECT_EQ(files(), 0);
}

TEST_F(received_file_test, takes_a_name_of_any_language)
{
    const std::string name = "\xc3\xa4\xe6\x96\x87.bin"; // an a with two dots, and a Chinese character, in UTF-8
    received_file file(target(name), replace, never_);
    file.write(content_of("x"));
    file.commit();
    EXPECT_EQ(contents(name), "x");
    EXPECT_EQ(asock::to_utf8(fs::directory_iterator(directory_)->path().filename()), name);
}

TEST_F(received_file_test, a_file_is_read_to_its_end)
{
    std::ofstream(target(), std::ios::binary) << "hello";
    asock::file file = asock::file::open_for_reading(asock::path_from_utf8(target()));
    EXPECT_EQ(file.size(), 5U);
    std::array<std::byte, 3> piece{};
    EXPECT_EQ(file.read_some(piece), 3U);
    EXPECT_EQ(file.read_some(piece), 2U);
    EXPECT_EQ(piece[1], std::byte{'o'});
    EXPECT_EQ(file.read_some(piece), 0U);
}

TEST_F(received_file_test, a_file_that_is_missing_says_so)
{
    try {
        asock::file::open_for_reading(asock::path_from_utf8(target()));
        ADD_FAILURE() << "opened";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
        const std::string text = asock::error_text(error.code());
        EXPECT_FALSE(text.empty());
        EXPECT_EQ(text.find_first_of(".\r\n"), std::string::npos) << text;
    }
}

TEST_F(received_file_test, a_new_file_is_new)
{
    std::ofstream(target()) << "old";
    try {
        asock::file::create_new(asock::path_from_utf8(target()));
        ADD_FAILURE() << "created";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::file_exists);
    }
    EXPECT_EQ(contents(), "old");
}

} // namespace
