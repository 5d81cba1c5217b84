// SPDX-License-Identifier: MIT

/// \defgroup log Log
///
/// Diagnostics. The library is silent until the program installs a handler; then every refused call and every failure
/// of the system is reported in one line that names the function, the argument or the system call, and the system's
/// error as text and number. Nothing is formatted while no handler is installed.
///
/// \{

#ifndef ASYNC_SOCKET_LOG_H
#define ASYNC_SOCKET_LOG_H

#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How bad it is.
typedef enum ASYNC_SOCKET_LOG_LEVEL {
    ASYNC_SOCKET_LOG_LEVEL_ERROR = 1, ///< a call was refused or has failed
    ASYNC_SOCKET_LOG_LEVEL_WARNING,   ///< the call goes on, though not as asked for
    ASYNC_SOCKET_LOG_LEVEL_INFO       ///< what was chosen, where there was a choice
} ASYNC_SOCKET_LOG_LEVEL;

/// Called with one message, a line without its end. `message` is valid during the call only. It runs on the thread on
/// which the message arose, inside the call that is reported; calls do not overlap. It must not call any function of
/// this library but the ..._to_string functions.
typedef void (*ON_ASYNC_SOCKET_LOG)(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context);

/// Installs the handler of the whole process in place of the one before.
///
/// \param on_log   NULL: none; the library is silent
/// \param context  handed to on_log; stays the caller's
///
/// When it returns, the handler before is not running and will not be called again. May be called from any thread, but
/// not from inside a handler: there it changes nothing and fails.
///
/// \return 0; non-zero inside a handler.
///
/// Requirements: SRS_ASYNC_SOCKET_LOG_01_001 .. _005
ASYNC_SOCKET_API int async_socket_set_log_handler(ON_ASYNC_SOCKET_LOG on_log, void* context);

/// The name of the value as the enum spells it; "?" for a value that is none of the enum's. Never NULL.
///
/// Requirements: SRS_ASYNC_SOCKET_LOG_01_006
ASYNC_SOCKET_API const char* async_socket_log_level_to_string(ASYNC_SOCKET_LOG_LEVEL level);

#ifdef __cplusplus
}
#endif

#endif

/// \}
