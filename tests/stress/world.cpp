// SPDX-License-Identifier: MIT

#include "world.h"

#include "random.h"

namespace stress {

namespace {

constexpr std::size_t most_connections = 16;

} // namespace

world::world(const program& run, EXECUTION_ENGINE_HANDLE engine, report& findings)
    : program_(run), engine_(engine), report_(findings), async_listener_(async_listener_create(engine))
{
    if (async_listener_open(async_listener(), async_server_.get()) != 0) {
        report_.violation("a listener cannot be opened");
    }
}

std::vector<connection*> world::connections() const
{
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<connection*> all;
    for (const std::unique_ptr<connection>& one : connections_) {
        all.push_back(one.get());
    }
    return all;
}

void world::create(std::uint64_t seed)
{
    connection* made = nullptr;
    {
        // Not under the other mutex: a connect needs the engine's threads, whose callbacks take that.
        const std::lock_guard<std::mutex> creating(create_mutex_);
        const std::size_t place = connections().size();
        if (place == most_connections) {
            return;
        }
        auto added = std::make_unique<connection>(*this, place, engine_, seed);
        made = added.get();
        const std::lock_guard<std::mutex> lock(mutex_);
        connections_.push_back(std::move(added));
    }
    random choice(seed);
    if (choice.in_100(85)) {
        made->open(choice.next());
    }
}

connection* world::pick(random& choice, std::size_t from) const
{
    const std::lock_guard<std::mutex> lock(mutex_);
    if (from >= connections_.size()) {
        return nullptr;
    }
    return connections_[from + choice.below(static_cast<std::uint32_t>(connections_.size() - from))].get();
}

void world::carry_out(const step& one)
{
    random choice(one.seed);
    if (one.what == action::create) {
        create(choice.next());
        return;
    }
    connection* const on = pick(choice, 0);
    if (on == nullptr) {
        return;
    }
    switch (one.what) {
    case action::open:
        on->open(choice.next());
        break;
    case action::send:
        on->send(choice.next());
        break;
    case action::receive:
        on->receive(choice.next());
        break;
    case action::notify:
        on->notify(choice.next());
        break;
    case action::send_ex:
        on->send_ex(choice.next());
        break;
    case action::receive_ex:
        on->receive_ex(choice.next());
        break;
    case action::cancel:
    case action::cancel_and_wait:
        on->cancel(choice.next(), one.what == action::cancel_and_wait);
        break;
    case action::shutdown_send:
        on->shutdown_send(choice.next());
        break;
    case action::delay:
        on->delay(choice.next());
        break;
    case action::close:
    case action::reset:
        on->close(one.what == action::reset);
        break;
    case action::destroy:
        on->destroy();
        break;
    case action::disconnect_transport:
        on->disconnect_transport();
        break;
    case action::destroy_transport:
        on->destroy_transport();
        break;
    case action::create:
        break;
    }
}

void world::act_in_callback(connection& on, random& choice, bool abandoned)
{
    const std::uint32_t what = choice.below(100);
    if (what < 35) {
        return;
    }
    if (what < 47) {
        on.receive(choice.next());
    } else if (what < 57) {
        on.receive_ex(choice.next());
    } else if (what < 67) {
        on.send(choice.next());
    } else if (what < 74) {
        on.send_ex(choice.next());
    } else if (what < 80) {
        // Not the one that waits: two callbacks that wait for each other's operations would do so for ever.
        on.cancel(choice.next(), false);
    } else if (what < 82) {
        on.notify(choice.next());
    } else if (what < 83) {
        on.delay(choice.next());
    } else if (what < 84) {
        on.shutdown_send(choice.next());
    } else if (what < 88) {
        on.close(what == 84);
    } else if (what < 94) {
        on.destroy_in_callback(abandoned);
    } else if (what < 95) {
        on.disconnect_transport();
    } else if (what < 96) {
        on.destroy_transport();
    } else if (connection* const other = pick(choice, on.place() + 1); other != nullptr) {
        if (what < 98) {
            other->close();
        } else {
            other->destroy_in_callback(false);
        }
    }
}

} // namespace stress
