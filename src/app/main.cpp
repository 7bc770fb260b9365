#include <cstdio>
#include <exception>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/run.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  using namespace falaj;
  cli::Services services;
  services.init = app::init_home;
  services.check = app::check_home;
  services.plan = app::plan;
  services.run = app::run;
  services.status = app::status;
  services.sql = app::query;
  services.config = app::show_config;
  services.demo = app::demo;
  try {
    return cli::run_program(argc, argv, services);
  } catch (const std::exception& problem) {
    // Errors travel as results; what arrives here is a bug or the end of memory.
    std::fprintf(stderr, "falaj: a bug: %s\n", problem.what());
    return exit_code(ErrorKind::kBug);
  }
}
