// SPDX-License-Identifier: MIT

/// \defgroup log Log
///
/// Diagnostics. The library is silent until the program installs a handler; then every refused call and every system
/// failure is reported in one line that names the function, the argument or the system call, and the system's error as
/// text and number. What is documented as allowed, NULL to a function that then does nothing, is not reported. Nothing
/// is formatted while no handler is installed.
///
/// \{

#ifndef ASYNC_SOCKET_LOG_H
#define ASYNC_SOCKET_LOG_H

#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How serious a message is.
typedef enum ASYNC_SOCKET_LOG_LEVEL {
    ASYNC_SOCKET_LOG_LEVEL_ERROR = 1, ///< a call was refused or failed
    ASYNC_SOCKET_LOG_LEVEL_WARNING,   ///< the call continues, but not as asked
    ASYNC_SOCKET_LOG_LEVEL_INFO       ///< what was chosen, where there was a choice
} ASYNC_SOCKET_LOG_LEVEL;

/// Called with one message, a line without its newline. `message` is valid during the call only. The handler runs on
/// the thread that the message comes from, inside the call that is reported; calls do not overlap. It must not call any
/// function of this library except the ..._to_string functions.
typedef void (*ON_ASYNC_SOCKET_LOG)(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context);

/// Installs the handler for the whole process, in place of the previous one.
///
/// \param on_log   NULL: none; the library is silent
/// \param context  passed to on_log; remains the caller's
///
/// When it returns, the previous handler is not running and will not be called again. May be called from any thread,
/// but not from inside a handler: there it changes nothing and fails.
///
/// \return 0; non-zero inside a handler, and in a process that was forked while an engine existed.
///
/// Requirements: SRS_ASYNC_SOCKET_LOG_01_001 .. _005
ASYNC_SOCKET_API int async_socket_set_log_handler(ON_ASYNC_SOCKET_LOG on_log, void* context);

/// The name of the value as the enum spells it; "?" for a value that is not in the enum. Never NULL.
///
/// Requirements: SRS_ASYNC_SOCKET_LOG_01_006
ASYNC_SOCKET_API const char* async_socket_log_level_to_string(ASYNC_SOCKET_LOG_LEVEL level);

#ifdef __cplusplus
}
#endif

#endif

/// \}
