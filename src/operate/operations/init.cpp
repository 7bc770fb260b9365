// `falaj init`: makes a home, or prints the SQL that a Snowflake account needs.
#include "operate/answers.hpp"
#include "operate/operations/shared_options.hpp"

namespace falaj::operate::operations {

Operation init(const Services& services) {
  return {.name = "init",
          .group = Group::kMaintain,
          .help = "make a home: falaj.toml and its folders",
          .details =
              "Every setting stands in falaj.toml, commented out. What is there is kept. A "
              "run does not need it: it makes its folders itself.",
          .examples = {"falaj init --home /srv/falaj", "falaj init --print-sql > snowflake.sql"},
          .options = {{.name = "print-sql",
                       .type = OptionType::kFlag,
                       .help = "make nothing; print the SQL for a Snowflake account: what its "
                               "administrator runs once, and the tables that falaj makes itself"}},
          .touches = {.reads_home = true, .writes_home = true},
          .home_use = HomeUse::kDespiteFaults,
          .report = one_of(init_answer_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            InitAnswer answer;
            if (request.flag("print-sql")) {
              if (const auto& fault = context.home().settings_fault()) return *fault;
              FALAJ_ASSIGN(answer.sql, services.print_sql(context.home()));
            } else {
              FALAJ_ASSIGN(answer.home, services.init(context.home()));
            }
            return Report::of(std::move(answer), init_answer_shape());
          }};
}

}  // namespace falaj::operate::operations
