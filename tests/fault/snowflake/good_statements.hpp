// What holds for every statement that falaj sends, whatever happened.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/snowflake_stub/snowflake_stub.hpp"

namespace falaj::test {

// Each arrived with its tag, in which `members` are set beside app, dag and task; each ran once at
// the most, whatever was tried again; none ended a transaction that was not its own.
inline void expect_good_statements(const SnowflakeStub& stub,
                                   const std::vector<std::string>& members = {}) {
  for (const auto& statement : stub.statements()) {
    const std::string text = excerpt(statement.sql, 120);
    EXPECT_LE(statement.runs, 1) << text;
    EXPECT_TRUE(statement.has_retry_count) << text;
    // The driver asks a second time where to put a file, of its own accord and without the tag.
    if (statement.tag.empty() && statement.sql.starts_with("PUT ")) continue;
    const auto tag = Json::parse(statement.tag);
    if (!tag.ok()) {
      ADD_FAILURE() << "no tag: " << text;
      continue;
    }
    EXPECT_EQ((*tag)["app"].as_string(), "falaj") << text;
    std::vector<std::string> expected = {"dag", "task"};
    expected.insert(expected.end(), members.begin(), members.end());
    const std::string task = (*tag)["task"].as_string();
    if (task == "load" || task == "transform") expected.emplace_back("store");
    for (const auto& name : expected) {
      EXPECT_FALSE((*tag)[name].as_string().empty()) << name << " in " << statement.tag << text;
    }
  }
  EXPECT_EQ(stub.counts().transactions_ended_by_definition, 0);
}

}  // namespace falaj::test
