// SPDX-License-Identifier: MIT

#include "callback_frame.h"

#include "connection.h"

namespace stress {

std::uint32_t own_callbacks(const connection& of)
{
    std::uint32_t number = 0;
    for (const own_callback* one = innermost; one != nullptr; one = one->outer) {
        number += one->of == &of ? 1 : 0;
    }
    return number;
}

callback_frame::callback_frame(connection& of, operation* called_back)
    : of_(of), called_back_(called_back), entry_{&of, innermost}
{
    ++of_.running_;
    if (of_.silent_) {
        of_.report_.violation("a callback came after close or destroy had returned");
    }
    if (called_back != nullptr && being_started == called_back) {
        of_.report_.violation("a callback was called inside the call that started its operation");
    }
    innermost = &entry_;
}

callback_frame::~callback_frame()
{
    innermost = entry_.outer;
    if (called_back_ != nullptr) {
        called_back_->returned = true;
    }
    --of_.running_;
    of_.note_if_all_is_over();
}

} // namespace stress
