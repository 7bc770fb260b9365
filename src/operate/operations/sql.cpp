// `falaj sql`: statements and rows. What the options of text ask for is made by the command line.
#include "operate/operations/shared_options.hpp"

namespace falaj::operate::operations {

Operation sql(const Services& services) {
  return {
      .name = "sql",
      .group = Group::kQuery,
      .help = "query the warehouse, read-only",
      .details =
          "Statements come from the argument, a file or standard input; without any of them "
          "at a terminal it is a shell. What is written for Snowflake runs on the lake as "
          "it is. It may be called while a run writes.\n\n"
          "Prints a table, with --csv CSV, with --json an array of rows; of several "
          "statements an array of such arrays.",
      .examples = {"falaj sql \"SELECT * FROM GOLD.mv_daily_sales ORDER BY 1 DESC LIMIT 7\"",
                   "falaj sql --csv \"SELECT * FROM GOLD.mv_daily_sales\" > sales.csv"},
      .options = {{.name = "QUERY",
                   .help = "SQL statements (- = standard input; none at a terminal: a shell)",
                   .is_positional = true},
                  {.name = "csv", .type = OptionType::kFlag, .help = "print CSV"},
                  {.name = "vertical",
                   .type = OptionType::kFlag,
                   .help = "one line a cell (a table that is wider than the terminal is shown so "
                           "anyway)"},
                  {.name = "parquet",
                   .type = OptionType::kPath,
                   .help = "write the rows to this Parquet file"},
                  {.name = "file",
                   .type = OptionType::kPath,
                   .help = "read the statements from a file (- = standard input)",
                   .short_name = 'f'}},
      .touches = {.reads_home = true, .reads_warehouse = true},
      .open_console = [services](const Context& context, const Request& request, bool is_shell) {
        return services.open_sql(context.home(),
                                 {.parquet = request.text("parquet"), .is_shell = is_shell});
      }};
}

}  // namespace falaj::operate::operations
