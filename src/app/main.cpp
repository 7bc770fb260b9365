#include <cstdio>
#include <exception>

#include "app/register_services.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "home/home_access.hpp"
#include "home/secret_keeping.hpp"
#include "operate/operations/table.hpp"

// Settings of jemalloc, which looks for this name. Pages of JSON come and go by the tens of
// megabytes from several threads: glibc keeps what was freed (100 MB more at the peak of a first
// run), and jemalloc would for ten seconds.
extern "C" {
// NOLINTNEXTLINE(*-non-const-global-variables): the library's interface
const char* malloc_conf = "narenas:2,dirty_decay_ms:100,muzzy_decay_ms:0";
}

int main(int argc, char** argv) {
  using namespace falaj;
  cli::guard_standard_streams();
  home::forbid_core_dumps();
  home::keep_new_files_private(false);
  try {
    return cli::run_program(argc, argv, operate::operations::all(app::home_services()));
  } catch (const std::exception& problem) {
    // Errors travel as results; what arrives here is a bug or the end of memory.
    std::fprintf(stderr, "falaj: a bug: %s\n", problem.what());
    return exit_code(ErrorKind::kBug);
  }
}
