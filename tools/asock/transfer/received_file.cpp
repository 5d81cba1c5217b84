// SPDX-License-Identifier: MIT

#include "transfer/received_file.hpp"

#include "platform/replacing.hpp"
#include "platform/standard_streams.hpp"
#include "platform/text.hpp"
#include "terminal/error.hpp"
#include "terminal/exit_on_stop.hpp"

#include <array>
#include <cstdio>
#include <random>
#include <system_error>
#include <utility>

namespace asock {

namespace {

// Short whatever the target is called, so that it fits wherever the target does.
std::filesystem::path temporary_name()
{
    std::random_device random;
    std::array<char, 64> name{};
    std::snprintf(name.data(), name.size(), ".asock-%08x.part", static_cast<unsigned>(random()));
    return name.data();
}

// The file that a symbolic link leads to, which need not exist yet.
std::filesystem::path behind_links(std::filesystem::path name)
{
    constexpr int most_links = 40;
    std::error_code missing;
    for (int links = 0; std::filesystem::is_symlink(std::filesystem::symlink_status(name, missing)); ++links) {
        if (links == most_links) {
            throw std::system_error(std::make_error_code(std::errc::too_many_symbolic_link_levels));
        }
        name = name.parent_path() / std::filesystem::read_symlink(name); // which may be absolute
    }
    return name;
}

[[noreturn]] void refuse(std::errc reason)
{
    throw std::system_error(std::make_error_code(reason));
}

} // namespace

received_file::received_file(const std::string& target, if_it_exists then, const std::stop_token& stop)
    : then_(then), target_(path_from_utf8(target)), file_(target == "-" ? file::standard_output() : open(stop))
{
    if (has_temporary()) {
        leftover_.emplace(temporary_);
    }
}

file received_file::open(const std::stop_token& stop)
{
    if (is_device(target_)) { // also at the end of links that are none, such as /dev/stdout
        const exit_on_stop while_blocked(stop);
        return file::open_for_writing(target_);
    }
    target_ = behind_links(std::move(target_));
    if (!target_.has_filename()) {
        refuse(target_.empty() ? std::errc::no_such_file_or_directory : std::errc::is_a_directory);
    }
    std::error_code unknown; // a target that cannot be looked at shows its error when it is to be replaced
    const std::filesystem::file_status old = std::filesystem::symlink_status(target_, unknown);
    if (std::filesystem::is_directory(old)) {
        refuse(std::errc::is_a_directory);
    }
    if (std::filesystem::exists(old) && then_ == if_it_exists::refuse) {
        refuse(std::errc::file_exists);
    }
    check_replaceable(target_);
    return create_temporary();
}

file received_file::create_temporary()
{
    constexpr int attempts = 16;
    for (int attempt = 1;; ++attempt) {
        std::filesystem::path candidate = target_;
        candidate.replace_filename(temporary_name());
        try {
            file created = file::create_new_like(candidate, target_);
            temporary_ = std::move(candidate);
            return created;
        } catch (const std::system_error& error) {
            if (error.code() != std::errc::file_exists || attempt == attempts) {
                throw;
            }
        }
    }
}

received_file::~received_file()
{
    if (temporary_.empty()) {
        return;
    }
    try {
        file_.close(); // some systems do not remove an open file
    } catch (const std::system_error&) {
        // What the file holds does not matter any more.
    }
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

void received_file::write(std::span<const std::byte> bytes)
{
    file_.write_all(bytes);
}

void received_file::commit()
{
    file_.sync();
    file_.close();
    if (!temporary_.empty()) {
        (then_ == if_it_exists::replace ? replace_file : name_file)(temporary_, target_);
        leftover_.reset();
        temporary_.clear();
    }
}

std::unique_ptr<received_file> open_received_file(const std::string& target, bool may_replace,
                                                  const std::stop_token& stop)
{
    if (target == "-" && was_closed(standard_stream::output)) {
        throw failure("cannot write to standard output: it is closed", "redirect it, or name a file");
    }
    try {
        const auto then = may_replace ? received_file::if_it_exists::replace : received_file::if_it_exists::refuse;
        return std::make_unique<received_file>(target, then, stop);
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::file_exists) {
            throw failure("'" + target + "' exists already", "name another file, or replace it with --force");
        }
        throw failure("cannot create '" + target + "': " + error_text(error.code()),
                      "name a file in a directory that exists and may be written to");
    }
}

} // namespace asock
