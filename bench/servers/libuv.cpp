// SPDX-License-Identifier: MIT
//
// libuv: a loop for each thread, each with a listening socket of its own on the same port. A buffer is taken from the
// loop's store when there is something to read, and goes back when it is written: a connection that says nothing has
// none. Variants: every message through uv_write; or what uv_try_write takes at once, and only the rest through
// uv_write.

#include <sys/socket.h>
#include <uv.h>

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "command_line.hpp"
#include "listen.hpp"

namespace {

struct store;

struct message {
    uv_write_t request;
    store* owner;
    char bytes[bench::buffer_size];
};

struct store {
    bool sink;
    bool tries_first;
    std::vector<message*> free;

    message* take()
    {
        if (free.empty()) {
            auto* const made = new message;
            made->owner = this;
            return made;
        }
        message* const taken = free.back();
        free.pop_back();
        return taken;
    }

    void give_back(message* given) { free.push_back(given); }
};

message* message_of(char* bytes)
{
    return reinterpret_cast<message*>(bytes - offsetof(message, bytes));
}

store* store_of(const uv_handle_t* handle)
{
    return static_cast<store*>(handle->loop->data);
}

void end(uv_stream_t* peer)
{
    auto* const handle = reinterpret_cast<uv_handle_t*>(peer);
    if (uv_is_closing(handle) == 0) {
        uv_close(handle, [](uv_handle_t* closed) { delete reinterpret_cast<uv_tcp_t*>(closed); });
    }
}

void on_written(uv_write_t* request, int status)
{
    auto* const written = reinterpret_cast<message*>(request);
    written->owner->give_back(written);
    if (status != 0) {
        end(request->handle);
    }
}

void write(uv_stream_t* peer, message* written, std::size_t size)
{
    uv_buf_t left = uv_buf_init(written->bytes, static_cast<unsigned>(size));
    if (written->owner->tries_first) {
        const int sent = uv_try_write(peer, &left, 1);
        if (sent == static_cast<int>(size)) {
            written->owner->give_back(written);
            return;
        }
        if (sent > 0) {
            left.base += sent;
            left.len -= static_cast<std::size_t>(sent);
        }
    }
    if (uv_write(&written->request, peer, &left, 1, on_written) != 0) {
        written->owner->give_back(written);
        end(peer);
    }
}

void on_read(uv_stream_t* peer, ssize_t size, const uv_buf_t* into)
{
    store* const buffers = store_of(reinterpret_cast<uv_handle_t*>(peer));
    message* const read = into->base == nullptr ? nullptr : message_of(into->base);
    if (size > 0 && !buffers->sink) {
        write(peer, read, static_cast<std::size_t>(size));
        return;
    }
    if (read != nullptr) {
        buffers->give_back(read);
    }
    if (size < 0) {
        end(peer);
    }
}

void on_connection(uv_stream_t* listener, int status)
{
    if (status != 0) {
        return;
    }
    auto* const peer = new uv_tcp_t;
    uv_tcp_init(listener->loop, peer);
    auto* const stream = reinterpret_cast<uv_stream_t*>(peer);
    if (uv_accept(listener, stream) != 0) {
        end(stream);
        return;
    }
    uv_tcp_nodelay(peer, 1);
    const auto allocate = [](uv_handle_t* handle, std::size_t, uv_buf_t* into) {
        *into = uv_buf_init(store_of(handle)->take()->bytes, bench::buffer_size);
    };
    uv_read_start(stream, allocate, on_read);
}

void run(int listener, bool sink, bool tries_first)
{
    store buffers{sink, tries_first, {}};
    uv_loop_t loop;
    uv_loop_init(&loop);
    loop.data = &buffers;
    uv_tcp_t accepting;
    uv_tcp_init(&loop, &accepting);
    uv_tcp_open(&accepting, listener);
    if (const int result = uv_listen(reinterpret_cast<uv_stream_t*>(&accepting), bench::backlog, on_connection);
        result != 0) {
        bench::die("uv_listen", -result);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options wanted = bench::parse_command_line(argc, argv, {"uv_write", "uv_try_write"});
    const bool tries_first = wanted.variant == "uv_try_write";
    const int first = bench::listen_on(wanted.port, bench::port_use::shared, SOCK_NONBLOCK);
    const std::uint16_t port = bench::port_of(first);
    std::vector<std::thread> threads;
    for (unsigned index = 1; index < wanted.workers; ++index) {
        const int listener = bench::listen_on(port, bench::port_use::shared, SOCK_NONBLOCK);
        threads.emplace_back(run, listener, wanted.sink, tries_first);
    }
    bench::announce(port);
    run(first, wanted.sink, tries_first);
}
