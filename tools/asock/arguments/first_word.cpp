// SPDX-License-Identifier: MIT

#include "arguments/first_word.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>

namespace asock {

namespace {

// How many letters must be changed, added or left out to make one word of the other.
std::size_t distance(std::string_view one, std::string_view other)
{
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < one.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < other.size(); ++j) {
            const std::size_t replaced = diagonal + (one[i] == other[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

std::string list_of(const std::vector<std::string>& commands)
{
    std::string text;
    for (std::size_t index = 0; index < commands.size(); ++index) {
        text += (index == 0 ? "" : index + 1 == commands.size() ? " and " : ", ") + commands[index];
    }
    return text;
}

std::string what_may_be_meant(const std::string& word, const std::vector<std::string>& commands)
{
    constexpr std::size_t most_mistakes = 2;
    const auto closest =
        std::min_element(commands.begin(), commands.end(), [&word](const auto& one, const auto& other) {
            return distance(word, one) < distance(word, other);
        });
    return closest != commands.end() && distance(word, *closest) <= most_mistakes ? "; did you mean '" + *closest + "'?"
                                                                                  : ".";
}

} // namespace

std::vector<std::string> with_help_as_option(std::vector<std::string> arguments)
{
    if (!arguments.empty() && arguments.front() == "help") {
        arguments.erase(arguments.begin());
        arguments.emplace_back("--help");
    }
    return arguments;
}

std::string problem_with_first_word(const std::vector<std::string>& arguments, const std::vector<std::string>& commands)
{
    if (arguments.empty()) {
        return "a command is missing: the commands are " + list_of(commands);
    }
    const std::string& word = arguments.front();
    if (word.starts_with("-") || std::find(commands.begin(), commands.end(), word) != commands.end()) {
        return {};
    }
    if (const std::string meant = endpoint_of_url(word); !meant.empty()) {
        return "'" + word + "' is a URL; a command comes first, and host and port are enough, as in asock bench " +
               meant;
    }
    return "there is no command '" + word + "'" + what_may_be_meant(word, commands) + " The commands are " +
           list_of(commands);
}

std::string endpoint_of_url(const std::string& text)
{
    constexpr std::string_view mark = "://";
    const std::size_t at = text.find(mark);
    if (at == std::string::npos) {
        return {};
    }
    const std::string scheme = text.substr(0, at);
    std::string place = text.substr(at + mark.size());
    place = place.substr(0, place.find_first_of("/?#"));
    place.erase(0, place.find('@') == std::string::npos ? 0 : place.find('@') + 1);
    const std::size_t behind_bracket = place.find(']') == std::string::npos ? 0 : place.find(']');
    if (place.find(':', behind_bracket) == std::string::npos) {
        place += scheme == "http" ? ":80" : scheme == "https" ? ":443" : ":PORT";
    }
    return place;
}

} // namespace asock
