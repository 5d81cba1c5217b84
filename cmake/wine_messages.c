/* SPDX-License-Identifier: MIT
 *
 * Loaded into Wine's processes by run-wine.sh. Wine hands the descriptor 2 that it was started with on to the Windows
 * program as its standard error; what Wine, its server and its drivers have to say themselves they print to the stream
 * `stderr`. So a stream to another file keeps the two apart, whatever the messages are.
 */
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void keep_messages_apart(void)
{
    const char* name = getenv("ASYNC_SOCKET_WINE_MESSAGES");
    FILE* file = name != NULL ? fopen(name, "ae") : NULL;
    if (file != NULL) {
        setvbuf(file, NULL, _IONBF, 0);
        stderr = file;
    }
}
