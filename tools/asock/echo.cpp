// SPDX-License-Identifier: MIT

#include "echo.hpp"

#include "echo_session.hpp"
#include "error.hpp"
#include "format.hpp"
#include "network.hpp"

#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace asock {

namespace {

// Keeps the sessions. A session that is over is taken out, and destroyed by the callback that noticed it; at the end
// those that are left are taken out and destroyed by the main thread. Whoever has taken a session out has it alone.
class session_registry final : public echo_session_owner {
public:
    // Destroys every session that is left, and waits for those that callbacks are destroying just now. To be called
    // before the end, when no session is run any more.
    void close_all()
    {
        std::unordered_map<echo_session*, std::unique_ptr<echo_session>> left;
        {
            const std::lock_guard lock(mutex_);
            left.swap(sessions_);
        }
        for (const auto& [key, session] : left) {
            session->close(); // before it is destroyed: a callback that is running now may still use its socket
        }
        left.clear();
        std::unique_lock lock(mutex_);
        nobody_leaves_.wait(lock, [this] { return leaving_ == 0; });
    }

    void run(std::unique_ptr<echo_session> session)
    {
        echo_session* const started = session.get();
        {
            const std::lock_guard lock(mutex_);
            sessions_.emplace(started, std::move(session));
            ++served_;
        }
        started->start();
    }

    void on_session_over(echo_session& session, std::uint64_t echoed) override
    {
        std::unique_ptr<echo_session> over;
        {
            const std::lock_guard lock(mutex_);
            echoed_ += echoed;
            const auto found = sessions_.find(&session);
            if (found == sessions_.end()) {
                return; // the main thread has it, and waits in close for this callback
            }
            over = std::move(found->second);
            sessions_.erase(found);
            ++leaving_;
        }
        over.reset();
        // Notifies with the mutex held: once it is released, the registry may be gone.
        const std::lock_guard lock(mutex_);
        --leaving_;
        nobody_leaves_.notify_all();
    }

    // To be asked after close_all.
    std::uint64_t served() const { return served_; }
    std::uint64_t echoed() const { return echoed_; }

private:
    std::mutex mutex_; // for all of the below
    std::condition_variable nobody_leaves_;
    std::unordered_map<echo_session*, std::unique_ptr<echo_session>> sessions_;
    std::size_t leaving_ = 0;
    std::uint64_t served_ = 0;
    std::uint64_t echoed_ = 0;
};

} // namespace

void serve_echo(const echo_options& options, const std::stop_token& stop)
{
    const engine_ptr engine = create_engine(options.engine);
    const transport_ptr listener = listen_on(options.listen_at.host, options.listen_at.port);
    std::printf("listening on %s\n", to_string(local_endpoint(listener)).c_str());
    std::fflush(stdout);

    session_registry registry;
    patient_acceptor acceptor(listener);
    try {
        for (;;) {
            registry.run(std::make_unique<echo_session>(engine.get(), acceptor.accept(stop), registry));
        }
    } catch (const interrupted&) {
        registry.close_all();
    } catch (...) {
        registry.close_all();
        throw;
    }
    std::printf("served %llu connection%s, echoed %s\n", static_cast<unsigned long long>(registry.served()),
                registry.served() == 1 ? "" : "s", format_bytes(registry.echoed()).c_str());
}

} // namespace asock
