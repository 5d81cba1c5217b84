# SPDX-License-Identifier: MIT

set(platform_sources
    linux/async_socket_create.cpp
    linux/async_socket_notify.cpp
    linux/async_socket_open_close.cpp
    linux/async_socket_receive.cpp
    linux/async_socket_send.cpp
    linux/epoll_backend.cpp
    linux/execution_engine.cpp
    linux/io_uring_backend.cpp
    linux/operation_pool.cpp
    linux/outcome.cpp
    linux/processors.cpp
    linux/socket_transport.cpp
    linux/socket_transport_accept.cpp
    linux/socket_transport_connect.cpp
    linux/socket_transport_create.cpp
    linux/socket_transport_disconnect_event.cpp
    linux/socket_transport_io.cpp
    linux/socket_transport_listen.cpp
    linux/socket_transport_resolve.cpp
    linux/socket_transport_wait.cpp
    linux/start_operation.cpp
    linux/system_error.cpp
    linux/transfer.cpp
    linux/worker.cpp
)
