// SPDX-License-Identifier: MIT

#include "received_file.hpp"

#include "stop_signal.hpp"
#include "text.hpp"

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

} // namespace

received_file::received_file(const std::string& target, const std::stop_token& stop)
    : target_(path_from_utf8(target)), file_(target == "-" ? file::standard_output() : open(target_, temporary_, stop))
{
}

file received_file::open(const std::filesystem::path& target, std::filesystem::path& temporary,
                         const std::stop_token& stop)
{
    std::error_code unknown; // a target that cannot be looked at shows its error when it is created
    if (std::filesystem::is_directory(target, unknown)) {
        throw std::system_error(std::make_error_code(std::errc::is_a_directory));
    }
    if (is_device(target)) {
        const exit_on_stop while_blocked(stop);
        return file::open_for_writing(target);
    }
    constexpr int attempts = 16;
    for (int attempt = 1;; ++attempt) {
        std::filesystem::path candidate = target;
        candidate.replace_filename(temporary_name());
        try {
            file created = file::create_new(candidate);
            temporary = std::move(candidate);
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
        replace_file(temporary_, target_);
        temporary_.clear();
    }
}

} // namespace asock
