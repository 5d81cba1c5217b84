// SPDX-License-Identifier: MIT

#include "platform/console.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include <windows.h>

#include <shellapi.h>

namespace asock {

namespace {

std::string to_utf8(std::wstring_view text)
{
    const int length = static_cast<int>(text.size());
    const int needed = WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string converted(static_cast<std::size_t>(needed), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), length, converted.data(), needed, nullptr, nullptr);
    return converted;
}

std::atomic<UINT> code_page_before{0}; // written once, at the start

void restore_code_page()
{
    if (code_page_before != 0) {
        SetConsoleOutputCP(code_page_before);
    }
}

struct local_free {
    void operator()(wchar_t** memory) const { LocalFree(memory); }
};

} // namespace

// argv holds what is left of the arguments in the system's old code page; the command line has them whole.
std::vector<std::string> utf8_arguments(int /*argc*/, const char* const* /*argv*/)
{
    int count = 0;
    const std::unique_ptr<wchar_t*, local_free> wide(CommandLineToArgvW(GetCommandLineW(), &count));
    std::vector<std::string> arguments;
    for (int index = 1; wide && index < count; ++index) {
        arguments.push_back(to_utf8(wide.get()[index]));
    }
    return arguments;
}

// The console is the shell's, too: it gets its code page back.
void prepare_console()
{
    const UINT before = GetConsoleOutputCP();
    if (before != 0 && before != CP_UTF8 && SetConsoleOutputCP(CP_UTF8) != 0) {
        code_page_before = before;
        std::atexit(restore_code_page);
    }
}

bool standard_error_is_terminal()
{
    DWORD mode = 0;
    return GetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), &mode) != 0;
}

std::size_t terminal_width()
{
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info) == 0) {
        return 0;
    }
    return static_cast<std::size_t>(info.srWindow.Right - info.srWindow.Left + 1);
}

// A write may wait as long as it likes, on a thread that ends with the process. Where it does not, it is done soon.
void write_last_words(std::string_view text) noexcept
{
    constexpr std::chrono::milliseconds soon{200};
    try {
        std::promise<void> written;
        const std::future<void> done = written.get_future();
        std::thread([words = std::string(text), written = std::move(written)]() mutable {
            DWORD count = 0;
            WriteFile(GetStdHandle(STD_ERROR_HANDLE), words.data(), static_cast<DWORD>(words.size()), &count, nullptr);
            written.set_value();
        }).detach();
        done.wait_for(soon);
    } catch (const std::exception&) {
        // Without another thread it cannot be said.
    }
}

// An orderly exit would unload libraries in which other threads still are.
void end_process(int status)
{
    restore_code_page();
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(status));
    std::abort(); // never reached; TerminateProcess is not declared so
}

} // namespace asock
