// SPDX-License-Identifier: MIT

#include "platform.hpp"

#include <cstdlib>
#include <memory>
#include <string_view>

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

void prepare_console()
{
    SetConsoleOutputCP(CP_UTF8);
}

bool standard_error_is_terminal()
{
    DWORD mode = 0;
    return GetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), &mode) != 0;
}

// An orderly exit would unload libraries in which other threads still are.
void end_process(int status)
{
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(status));
    std::abort(); // never reached; TerminateProcess is not declared so
}

} // namespace asock
