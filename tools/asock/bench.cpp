// SPDX-License-Identifier: MIT

#include "bench.hpp"

#include "bench_client.hpp"
#include "bench_report.hpp"
#include "error.hpp"
#include "network.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace asock {

namespace {

// What the clients tell, and the main thread waits for.
class bench_run final : public bench_observer {
public:
    explicit bench_run(std::size_t clients) : active_(clients) {}

    bool on_message(std::chrono::nanoseconds latency) override
    {
        latencies_.record(static_cast<std::uint64_t>(latency.count()));
        return !ending_.load(std::memory_order_relaxed);
    }

    void on_client_done() override
    {
        const std::lock_guard lock(mutex_);
        --active_;
        changed_.notify_all();
    }

    // Every client fails when the connections are closed at the end; only the first failure tells why.
    void on_client_failed(bench_failure reason) override
    {
        const std::lock_guard lock(mutex_);
        if (!failed_) {
            failed_ = reason;
            changed_.notify_all();
        }
    }

    // Lets the clients work for `time`, then end. False when one has not ended after another `limit`.
    bool wait(std::chrono::duration<double> time, std::chrono::seconds limit, const std::stop_token& stop)
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, time, [this] { return failed_.has_value(); });
        ending_.store(true, std::memory_order_relaxed);
        const auto ended = [this] { return failed_ || active_ == 0; };
        const bool in_time = limit == std::chrono::seconds::zero() ? changed_.wait(lock, stop, ended)
                                                                   : changed_.wait_for(lock, stop, limit, ended);
        if (stop.stop_requested()) {
            throw interrupted();
        }
        return in_time;
    }

    // To be asked when wait has returned.
    std::optional<bench_failure> failed()
    {
        const std::lock_guard lock(mutex_);
        return failed_;
    }
    const histogram& latencies() const { return latencies_; }

private:
    histogram latencies_;
    std::atomic<bool> ending_{false};
    std::mutex mutex_; // for the rest
    std::condition_variable_any changed_;
    std::size_t active_;
    std::optional<bench_failure> failed_;
};

// The clients of a run. However it ends, they are all closed before the first is destroyed: a client that fails
// because of that still tells the run, which must therefore outlive them.
class client_group {
public:
    client_group(EXECUTION_ENGINE_HANDLE engine, const bench_options& options, bench_run& run,
                 const std::stop_token& stop)
    {
        for (std::uint32_t number = 0; number < options.connections; ++number) {
            clients_.push_back(std::make_unique<bench_client>(engine, connect_to(options.server, options.timeout, stop),
                                                              options.message_size, number, run));
        }
    }
    ~client_group()
    {
        for (const auto& each : clients_) {
            each->close();
        }
    }
    client_group(const client_group&) = delete;
    client_group& operator=(const client_group&) = delete;

    void start()
    {
        for (const auto& each : clients_) {
            each->start();
        }
    }

private:
    std::vector<std::unique_ptr<bench_client>> clients_;
};

[[noreturn]] void explain(bench_failure reason, const std::string& server)
{
    switch (reason) {
    case bench_failure::lost:
        throw failure(server + " closed a connection", "is it an echo server, and may it have that many connections?");
    case bench_failure::altered:
        break;
    }
    throw failure(server + " sent back something else than it was sent", "is it an echo server?");
}

} // namespace

void run_bench(const bench_options& options, const std::stop_token& stop)
{
    const std::string server = to_string(options.server);
    const engine_ptr engine = create_engine(options.engine);
    const auto run = std::make_unique<bench_run>(options.connections);
    bench_result result{options.server, options.connections, options.message_size, 0};
    {
        client_group clients(engine.get(), options, *run, stop);
        const auto started = std::chrono::steady_clock::now();
        clients.start();
        const bool in_time = run->wait(std::chrono::duration<double>(options.seconds), options.timeout, stop);
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        if (run->failed()) {
            explain(*run->failed(), server);
        }
        if (!in_time) {
            throw failure(server + " has not sent back a message for " + std::to_string(options.timeout.count()) + " s",
                          "is it an echo server? --timeout allows it more");
        }
    }
    const std::string report =
        options.json ? bench_json(result, run->latencies()) : bench_text(result, run->latencies());
    std::fputs(report.c_str(), stdout);
}

} // namespace asock
