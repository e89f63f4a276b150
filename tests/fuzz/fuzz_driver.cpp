// fuzz_driver: runs a fuzz target where there is no libFuzzer. The same seed, corpus and number of runs give the same inputs on every machine.
//
//   fuzz_NAME [--corpus FILE] [--runs N] [--seconds S] [--seed S] [--save FILE]   every input of the corpus, then N changed ones, or as many as S seconds allow
//   fuzz_NAME FILE…                                                              each file as one input: to look at a finding
//
// Where the code was compiled with -fsanitize-coverage=trace-pc (the `fuzz` preset with GCC), inputs that reach new code are kept and changed further;
// --save writes the corpus with them. The input that breaks is written to "finding-…" in the current folder.
// A corpus is a run of records: four bytes of length, the lowest first, and the input.
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_mutator.h"
#include "tests/fuzz/fuzz_target.h"

#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace sfumato::fuzz;
using Clock = std::chrono::steady_clock;

constexpr double kSlowestSeconds = 1;
constexpr std::size_t kCoverageCells = std::size_t{ 1 } << 16;

// One cell for each place in the code, by its address; set when the present input came by.
std::array<std::uint8_t, kCoverageCells> g_reached{};
std::array<std::uint8_t, kCoverageCells> g_known{};
bool g_hasCoverage = false; // the code under test reports where it goes
const Input* g_present = nullptr;
int g_slow = 0; // inputs that took too long

struct Options {
    std::string corpus, save;
    std::vector<std::string> files;
    std::uint64_t runs = 20000;
    double seconds = 0; // 0: no limit but `runs`
    std::uint64_t seed = 1;
};

// From a signal handler: only calls that are safe there.
void writeFinding()
{
    if (!g_present) return;
    std::array<char, 64> name{};
    std::snprintf(name.data(), name.size(), "finding-%ld", static_cast<long>(::getpid()));
    const int file = ::open(name.data(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return;
    [[maybe_unused]] const ssize_t written = ::write(file, g_present->data(), g_present->size());
    ::close(file);
    std::fprintf(stderr, "The input is in %s (%zu bytes).\n", name.data(), g_present->size());
    g_present = nullptr;
}

extern "C" void onFatalSignal(int signal)
{
    writeFinding();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

// True when it came by code that no input did before.
bool runOne(const Input& input)
{
    if (g_hasCoverage) g_reached.fill(0);
    g_present = &input;
    const std::clock_t before = std::clock();
    LLVMFuzzerTestOneInput(input.data(), input.size());
    const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    if (seconds > kSlowestSeconds) {
        std::fprintf(stderr, "One input took %.1f seconds of processor time.\n", seconds);
        writeFinding();
        ++g_slow;
    }
    g_present = nullptr;
    bool isNew = false;
    for (std::size_t i = 0; g_hasCoverage && i < kCoverageCells; ++i) {
        isNew |= g_reached[i] != 0 && g_known[i] == 0;
        g_known[i] |= g_reached[i];
    }
    return isNew;
}

std::vector<Input> readCorpus(const std::string& path)
{
    std::vector<Input> inputs;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "The corpus %s cannot be read.\n", path.c_str());
        std::exit(2);
    }
    for (std::array<unsigned char, 4> length{}; file.read(reinterpret_cast<char*>(length.data()), 4);) {
        Input input(length[0] | std::size_t{ length[1] } << 8 | std::size_t{ length[2] } << 16 | std::size_t{ length[3] } << 24);
        if (!file.read(reinterpret_cast<char*>(input.data()), static_cast<std::streamsize>(input.size()))) break;
        inputs.push_back(std::move(input));
    }
    return inputs;
}

void writeCorpus(const std::string& path, const std::vector<Input>& inputs)
{
    std::ofstream file(path, std::ios::binary);
    for (const Input& input : inputs) {
        for (unsigned shift = 0; shift < 32; shift += 8) file.put(static_cast<char>((input.size() >> shift) & 0xFFU));
        file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
    }
}

std::optional<Options> parseOptions(int count, char** words)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (!word.starts_with("--")) {
            options.files.emplace_back(word);
            continue;
        }
        if (i + 1 == count) return std::nullopt;
        const char* const value = words[++i];
        if (word == "--corpus") options.corpus = value;
        else if (word == "--save")
            options.save = value;
        else if (word == "--runs")
            options.runs = std::strtoull(value, nullptr, 10);
        else if (word == "--seconds")
            options.seconds = std::strtod(value, nullptr);
        else if (word == "--seed")
            options.seed = std::strtoull(value, nullptr, 10);
        else
            return std::nullopt;
    }
    return options;
}

int runFiles(const std::vector<std::string>& files)
{
    for (const std::string& path : files) {
        std::ifstream file(path, std::ios::binary);
        runOne(Input(std::istreambuf_iterator<char>(file), {}));
    }
    return g_slow > 0 ? 1 : 0;
}

int fuzz(const Options& options)
{
    std::vector<Input> corpus = options.corpus.empty() ? std::vector<Input>() : readCorpus(options.corpus);
    const std::size_t given = corpus.size();
    if (corpus.empty()) corpus.emplace_back();
    for (const Input& input : corpus) runOne(input);
    Mutator mutator(options.seed);
    const auto begin = Clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    std::uint64_t runs = 0;
    for (; options.seconds > 0 ? elapsed() < options.seconds : runs < options.runs; ++runs) {
        Input input = mutator.changed(corpus);
        if (runOne(input)) corpus.push_back(std::move(input));
    }
    if (!options.save.empty()) writeCorpus(options.save, corpus);
    std::printf("%zu inputs given, %llu runs in %.1f s, %zu inputs with new code\n", given, static_cast<unsigned long long>(runs), elapsed(), corpus.size() - std::max<std::size_t>(given, 1));
    return g_slow > 0 ? 1 : 0;
}

} // namespace

// Called by code compiled for coverage; not itself compiled so. Places count from a function of the program, wherever that was loaded.
extern "C" void __sanitizer_cov_trace_pc()
{
    const auto place = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) - reinterpret_cast<std::uintptr_t>(&LLVMFuzzerTestOneInput);
    g_reached[(place ^ (place >> 16)) & (kCoverageCells - 1)] = 1;
    g_hasCoverage = true;
}

// Of the address sanitizer, where it is linked.
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*)());

int main(int count, char** words)
{
    const std::optional<Options> options = parseOptions(count, words);
    if (!options) {
        std::fprintf(stderr, "usage: %s [--corpus FILE] [--runs N] [--seconds S] [--seed S] [--save FILE] [FILE…]\n", words[0]);
        return 2;
    }
    for (const int signal : { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL }) std::signal(signal, onFatalSignal);
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(writeFinding);
    return options->files.empty() ? fuzz(*options) : runFiles(options->files);
}
