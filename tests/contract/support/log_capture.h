// SPDX-License-Identifier: MIT
//
// Collects what the library reports during a scope.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_LOG_CAPTURE_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_LOG_CAPTURE_H

#include <cctype>
#include <cstddef>
#include <initializer_list>
#include <mutex>
#include <string>
#include <vector>

#include "async_socket/log.h"

namespace contract {

struct log_message {
    ASYNC_SOCKET_LOG_LEVEL level;
    std::string text;
};

class log_capture {
public:
    log_capture() { async_socket_set_log_handler(on_log, this); }
    ~log_capture() { async_socket_set_log_handler(nullptr, nullptr); }
    log_capture(const log_capture&) = delete;
    log_capture& operator=(const log_capture&) = delete;

    [[nodiscard]] std::vector<log_message> messages() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return messages_;
    }

    void clear()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        messages_.clear();
    }

    // Whether one message, an error, has all these words.
    [[nodiscard]] bool has_error_with(std::initializer_list<const char*> words) const
    {
        return has_with(ASYNC_SOCKET_LOG_LEVEL_ERROR, words);
    }
    // The same for a message of that level.
    [[nodiscard]] bool has_with(ASYNC_SOCKET_LOG_LEVEL level, std::initializer_list<const char*> words) const;
    // All messages, for the output of a test that failed.
    [[nodiscard]] std::string text() const;

private:
    static void on_log(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context)
    {
        auto& self = *static_cast<log_capture*>(context);
        const std::lock_guard<std::mutex> lock(self.mutex_);
        self.messages_.push_back({level, message});
    }

    mutable std::mutex mutex_;
    std::vector<log_message> messages_; // under mutex_
};

// Whole words only: the name of an argument may be how the name of the function begins. No word at all is everywhere.
inline bool contains_word(const std::string& text, const std::string& word)
{
    if (word.empty()) {
        return true;
    }
    const auto is_of_a_name = [](char one) { return std::isalnum(static_cast<unsigned char>(one)) != 0 || one == '_'; };
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_of_a_name(text[at - 1]);
        const bool ends = end == text.size() || !is_of_a_name(text[end]) || !is_of_a_name(word.back());
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

inline bool log_capture::has_with(ASYNC_SOCKET_LOG_LEVEL level, std::initializer_list<const char*> words) const
{
    for (const log_message& message : messages()) {
        bool all = message.level == level;
        for (const char* const word : words) {
            all = all && contains_word(message.text, word);
        }
        if (all) {
            return true;
        }
    }
    return false;
}

inline std::string log_capture::text() const
{
    std::string result = "reported:";
    for (const log_message& message : messages()) {
        result += "\n  " + message.text;
    }
    return result;
}

} // namespace contract

#endif
