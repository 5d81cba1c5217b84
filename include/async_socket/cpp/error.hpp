// SPDX-License-Identifier: MIT

/// \defgroup cpp_error Errors
/// \ingroup cpp
///
/// How an operation went, as std::error_code. The codes are the values of ASYNC_STATUS (async_operation.h) in a
/// category of their own; `condition` names what a program checks for, the same on every platform. The codes also
/// compare equal to the std::errc that mean the same.
///
/// An operation whose own time limit expired and a peer that the system gave up on are told apart: the former is
/// condition::timed_out, after which the connection is as it was. The latter is the system's own number (ETIMEDOUT,
/// WSAETIMEDOUT) in std::system_category, which is no condition, and the connection is over. Both are
/// std::errc::timed_out.
///
/// Every function may be called from any thread; only the categories' message() allocates.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_ERROR_HPP
#define ASYNC_SOCKET_CPP_ERROR_HPP

#include <cstdint>
#include <string>
#include <system_error>

#include "async_socket/async_operation.h"

namespace async_socket {

/// What went wrong, for comparing a std::error_code with: `if (error == condition::timed_out)`.
/// Requirements: SRS_CPP_01_003
enum class condition {
    end_of_stream = ASYNC_STATUS_END_OF_STREAM,         ///< the peer has closed its side cleanly
    reset = ASYNC_STATUS_RESET,                         ///< the peer or the network has broken the connection
    closed = ASYNC_STATUS_CLOSED,                       ///< this side closed it first, or it never was open
    cancelled = ASYNC_STATUS_CANCELLED,                 ///< by a stop token
    timed_out = ASYNC_STATUS_TIMED_OUT,                 ///< by its own time limit
    refused = ASYNC_STATUS_REFUSED,                     ///< nothing is listening there
    unreachable = ASYNC_STATUS_UNREACHABLE,             ///< no route to the host
    name_not_resolved = ASYNC_STATUS_NAME_NOT_RESOLVED, ///< the host's name has no address
    address_in_use = ASYNC_STATUS_ADDRESS_IN_USE,       ///< the local address or port is taken
    no_resources = ASYNC_STATUS_NO_RESOURCES            ///< no memory, descriptors, handles or buffers
};

} // namespace async_socket

/// \cond
template <>
struct std::is_error_condition_enum<async_socket::condition> : std::true_type {
};
/// \endcond

namespace async_socket {

/// The category of the conditions.
/// Requirements: SRS_CPP_01_003, SRS_CPP_01_004
const std::error_category& condition_category() noexcept;

/// The category of the codes.
/// Requirements: SRS_CPP_01_001, SRS_CPP_01_002
const std::error_category& status_category() noexcept;

/// The condition, in its category.
/// Requirements: SRS_CPP_01_003
inline std::error_condition make_error_condition(condition value) noexcept
{
    return {static_cast<int>(value), condition_category()};
}

/// The code of a status; ASYNC_STATUS_OK is the code that is false.
/// Requirements: SRS_CPP_01_001
inline std::error_code make_error_code(ASYNC_STATUS status) noexcept
{
    // SRS_CPP_01_001
    return status == ASYNC_STATUS_OK ? std::error_code() : std::error_code(static_cast<int>(status), status_category());
}

/// The code of a completion. If no specific status fits (ASYNC_STATUS_ERROR), or the system gave up on the peer
/// (ASYNC_STATUS_TIMED_OUT), it is the system's own number in std::system_category, where the system has given one.
/// Requirements: SRS_CPP_01_005, SRS_CPP_01_100
inline std::error_code make_error_code(const ASYNC_COMPLETION& completion) noexcept
{
    const bool is_systems = completion.status == ASYNC_STATUS_ERROR || completion.status == ASYNC_STATUS_TIMED_OUT;
    if (is_systems && completion.system_error != 0) {
        return {completion.system_error, std::system_category()}; // SRS_CPP_01_005, SRS_CPP_01_100
    }
    return make_error_code(completion.status);
}

namespace impl {

// What a status is called elsewhere. Whether `code`, of std::generic_category, is one of the names of `status`.
inline bool is_errc_of(int status, std::errc code) noexcept
{
    switch (status) {
    case ASYNC_STATUS_RESET:
        return code == std::errc::connection_reset;
    case ASYNC_STATUS_CLOSED:
        return code == std::errc::not_connected;
    case ASYNC_STATUS_CANCELLED:
        return code == std::errc::operation_canceled;
    case ASYNC_STATUS_TIMED_OUT:
        return code == std::errc::timed_out;
    case ASYNC_STATUS_REFUSED:
        return code == std::errc::connection_refused;
    case ASYNC_STATUS_UNREACHABLE:
        return code == std::errc::host_unreachable || code == std::errc::network_unreachable;
    case ASYNC_STATUS_ADDRESS_IN_USE:
        return code == std::errc::address_in_use;
    case ASYNC_STATUS_NO_RESOURCES:
        return code == std::errc::not_enough_memory || code == std::errc::no_buffer_space ||
               code == std::errc::too_many_files_open || code == std::errc::too_many_files_open_in_system;
    default:
        return false;
    }
}

inline const char* describe(int status) noexcept
{
    switch (status) {
    case 0:
        return "success";
    case ASYNC_STATUS_END_OF_STREAM:
        return "end of stream";
    case ASYNC_STATUS_RESET:
        return "connection reset";
    case ASYNC_STATUS_CLOSED:
        return "closed";
    case ASYNC_STATUS_CANCELLED:
        return "cancelled";
    case ASYNC_STATUS_TIMED_OUT:
        return "timed out";
    case ASYNC_STATUS_REFUSED:
        return "connection refused";
    case ASYNC_STATUS_UNREACHABLE:
        return "unreachable";
    case ASYNC_STATUS_NAME_NOT_RESOLVED:
        return "name not resolved";
    case ASYNC_STATUS_ADDRESS_IN_USE:
        return "address in use";
    case ASYNC_STATUS_NO_RESOURCES:
        return "no resources";
    case ASYNC_STATUS_ERROR:
        return "error";
    default:
        return "unknown status";
    }
}

// What a number of the system says. There is a system whose sockets have numbers of their own, from 10000 on, which
// this library does not know: of those that listening may be refused with, they are told by a status or by the
// standard's name. SRS_CPP_01_057
inline std::error_code code_of_system_error(std::int32_t number) noexcept
{
#ifdef __GLIBCXX__
    switch (number) {
    case 10013:
        return std::make_error_code(std::errc::permission_denied);
    case 10022:
        return std::make_error_code(std::errc::invalid_argument);
    case 10045:
        return std::make_error_code(std::errc::operation_not_supported);
    case 10047:
        return std::make_error_code(std::errc::address_family_not_supported);
    case 10048:
        return make_error_code(ASYNC_STATUS_ADDRESS_IN_USE);
    case 10049:
        return std::make_error_code(std::errc::address_not_available);
    case 10024:
    case 10055:
        return make_error_code(ASYNC_STATUS_NO_RESOURCES);
    default:
        break;
    }
#endif
    return {number, std::system_category()};
}

class condition_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "async_socket condition"; }
    [[nodiscard]] std::string message(int value) const override { return describe(value); }

    // SRS_CPP_01_004: the system's own codes and the standard's are equivalent, too
    [[nodiscard]] bool equivalent(const std::error_code& code, int value) const noexcept override
    {
        if (code.category() == status_category()) {
            return code.value() == value; // SRS_CPP_01_003
        }
        // SRS_CPP_01_100: the system has another limit in mind.
        if (value == ASYNC_STATUS_TIMED_OUT && code.category() == std::system_category()) {
            return false;
        }
        const std::error_condition general = code.default_error_condition();
        return general.category() == std::generic_category() &&
               is_errc_of(value, static_cast<std::errc>(general.value()));
    }
};

class status_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "async_socket"; }
    [[nodiscard]] std::string message(int value) const override { return describe(value); }

    // SRS_CPP_01_002
    [[nodiscard]] bool equivalent(int value, const std::error_condition& expected) const noexcept override
    {
        if (expected.category() == std::generic_category()) {
            return expected.value() == 0 ? value == 0 : is_errc_of(value, static_cast<std::errc>(expected.value()));
        }
        return expected.category() == condition_category() && expected.value() == value;
    }
};

// Never destroyed: errors are compared in the destructors of static objects, too. SRS_CPP_01_101
template <typename Category>
union lasting_category {
    constexpr lasting_category() noexcept : category() {}
    constexpr ~lasting_category() {} // NOLINT(modernize-use-equals-default): a defaulted one would be deleted

    Category category;
};

} // namespace impl

inline const std::error_category& condition_category() noexcept
{
    static const impl::lasting_category<impl::condition_category_type> lasting;
    return lasting.category;
}

inline const std::error_category& status_category() noexcept
{
    static const impl::lasting_category<impl::status_category_type> lasting;
    return lasting.category;
}

} // namespace async_socket

#endif

/// \}
