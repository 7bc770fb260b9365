#include "operate/operations/table.hpp"

namespace falaj::operate::operations {

// One line an operation; its file, of the same name, declares it and says what it does.
// clang-format off
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): a line must name a function and declare it
#define FALAJ_OPERATIONS(OPERATION) \
  OPERATION(run)                    \
  OPERATION(reconcile)              \
  OPERATION(backfill)               \
  OPERATION(demo)                   \
  OPERATION(status)                 \
  OPERATION(plan)                   \
  OPERATION(coverage)               \
  OPERATION(quota)                  \
  OPERATION(config)                 \
  OPERATION(catalog_show)           \
  OPERATION(sql)                    \
  OPERATION(init)                   \
  OPERATION(check)                  \
  OPERATION(catalog_check)          \
  OPERATION(accept)                 \
  OPERATION(store_add)              \
  OPERATION(store_authorize)        \
  OPERATION(store_list)             \
  OPERATION(store_show)             \
  OPERATION(store_refresh)          \
  OPERATION(store_remove)           \
  OPERATION(store_purge)            \
  OPERATION(store_rekey)            \
  OPERATION(webhooks_serve)         \
  OPERATION(webhooks_register)      \
  OPERATION(webhooks_list)          \
  OPERATION(webhooks_remove)
// clang-format on

#define FALAJ_DECLARED(name) Operation name(const Services& services);
FALAJ_OPERATIONS(FALAJ_DECLARED)
#undef FALAJ_DECLARED

std::vector<Operation> all(const Services& services) {
#define FALAJ_MADE(name) name(services),
  return {FALAJ_OPERATIONS(FALAJ_MADE)};
#undef FALAJ_MADE
}

}  // namespace falaj::operate::operations
