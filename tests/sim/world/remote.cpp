// SPDX-License-Identifier: MIT

#include "world/remote.h"

namespace sim {

char content_of(std::uint64_t stream, std::uint64_t offset)
{
    std::uint64_t word = (stream << 32) + offset / 8 + 1;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
    return static_cast<char>((word ^ (word >> 31)) >> (8 * (offset % 8)));
}

remote::remote(std::shared_ptr<endpoint> own, std::uint64_t stream) : own_(std::move(own)), stream_(stream)
{
    // What it has to say is never too much for its own system.
    own_->send_limit = std::size_t{1} << 30;
    own_->on_wake = [this] { look(); };
    look();
}

remote::~remote()
{
    own_->on_wake = nullptr;
}

void remote::send(std::size_t bytes)
{
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) {
        text[i] = content_of(stream_, written_ + i);
    }
    const std::int64_t taken = own_->send(text.data(), text.size());
    written_ += taken > 0 ? static_cast<std::uint64_t>(taken) : 0;
}

void remote::finish()
{
    own_->shut_down(false, true);
}

void remote::close()
{
    own_->released();
}

void remote::reset()
{
    own_->reset();
}

void remote::read_again()
{
    is_reading_ = true;
    look();
}

void remote::look()
{
    while (is_reading_ && own_->available() != 0) {
        char data[512];
        const std::int64_t read = own_->receive(data, sizeof data);
        received_.append(data, static_cast<std::size_t>(read));
    }
}

} // namespace sim
