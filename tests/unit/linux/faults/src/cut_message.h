// SPDX-License-Identifier: MIT
//
// A message whose buffers end earlier than those of another one.

#ifndef LINUX_FAULTS_CUT_MESSAGE_H
#define LINUX_FAULTS_CUT_MESSAGE_H

#include <cstddef>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

namespace linux_faults {

class cut_message {
public:
    cut_message(const msghdr& whole, std::size_t bytes) : message_(whole)
    {
        for (std::size_t i = 0; i < whole.msg_iovlen && bytes > 0; ++i) {
            iovec piece = whole.msg_iov[i];
            piece.iov_len = piece.iov_len < bytes ? piece.iov_len : bytes;
            bytes -= piece.iov_len;
            pieces_.push_back(piece);
        }
        message_.msg_iov = pieces_.data();
        message_.msg_iovlen = pieces_.size();
    }
    cut_message(const cut_message&) = delete;
    cut_message& operator=(const cut_message&) = delete;

    static std::size_t length_of(const msghdr& message)
    {
        std::size_t total = 0;
        for (std::size_t i = 0; i < message.msg_iovlen; ++i) {
            total += message.msg_iov[i].iov_len;
        }
        return total;
    }

    msghdr* get() { return &message_; }

private:
    std::vector<iovec> pieces_;
    msghdr message_;
};

} // namespace linux_faults

#endif
