// SPDX-License-Identifier: MIT

#include "peer_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace scale {

peer_process::peer_process(const std::vector<std::string>& arguments)
{
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("cannot make pipes");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::vector<char*> raw;
    for (const std::string& each : arguments) {
        raw.push_back(const_cast<char*>(each.c_str()));
    }
    raw.push_back(nullptr);
    const int error = posix_spawn(&id_, raw.front(), &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    to_ = fdopen(input[1], "w");
    from_ = fdopen(output[0], "r");
    if (error != 0) {
        id_ = -1;
        throw std::runtime_error("cannot start " + arguments.front() + ": " + std::strerror(error));
    }
}

peer_process::~peer_process()
{
    if (id_ != -1) {
        kill(id_, SIGKILL);
        static_cast<void>(wait());
    }
    std::fclose(to_);
    std::fclose(from_);
}

void peer_process::tell(const char* line)
{
    std::fprintf(to_, "%s\n", line);
    std::fflush(to_);
}

bool peer_process::says(const char* line)
{
    std::array<char, 100> said{};
    if (std::fgets(said.data(), static_cast<int>(said.size()), from_) == nullptr) {
        return false;
    }
    said[std::strcspn(said.data(), "\n")] = '\0';
    return std::strcmp(said.data(), line) == 0;
}

int peer_process::wait()
{
    int status = 0;
    while (waitpid(id_, &status, 0) == -1 && errno == EINTR) {
    }
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace scale
