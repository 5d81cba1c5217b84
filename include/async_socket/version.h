// SPDX-License-Identifier: MIT

/// \defgroup version Version
///
/// Which version of the library the headers are of.
///
///     #if ASYNC_SOCKET_VERSION_NUMBER >= 200 // 0.2.0
///
/// \{

#ifndef ASYNC_SOCKET_VERSION_H
#define ASYNC_SOCKET_VERSION_H

#define ASYNC_SOCKET_VERSION_MAJOR 0 ///< until it is 1, a minor version may change what programs see
#define ASYNC_SOCKET_VERSION_MINOR 1 ///< counts additions
#define ASYNC_SOCKET_VERSION_PATCH 0 ///< counts corrections

/// All three as one number, to compare with: 10000 for each major version, 100 for each minor one.
#define ASYNC_SOCKET_VERSION_NUMBER                                                                                    \
    (ASYNC_SOCKET_VERSION_MAJOR * 10000 + ASYNC_SOCKET_VERSION_MINOR * 100 + ASYNC_SOCKET_VERSION_PATCH)

/// All three as text.
#define ASYNC_SOCKET_VERSION "0.1.0"

#endif

/// \}
