#include "warehouse/snowflake/redaction.hpp"

#include <gtest/gtest.h>

namespace falaj::warehouse {
namespace {

TEST(Redaction, MasksWhatIsKnownAndWhatLooksLikeAToken) {
  EXPECT_EQ(redacted("refused: hunter22 is wrong"), "refused: hunter22 is wrong");
  remember_secret(Secret("hunter22"));
  EXPECT_EQ(redacted("refused: hunter22 is wrong, hunter22!"), "refused: *** is wrong, ***!");
  EXPECT_EQ(redacted("token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJB-_c.x9 expired"), "token *** expired");
}

TEST(Redaction, KnowsAKeyByEachOfItsLines) {
  const std::string first(64, 'A');
  const std::string second(40, 'B');
  remember_secret(Secret("-----BEGIN PRIVATE KEY-----\n" + first + "\n" + second + "\n-----END"));
  EXPECT_EQ(redacted("got " + second), "got ***");
  EXPECT_EQ(redacted("-----BEGIN PRIVATE KEY----- is missing"),
            "-----BEGIN PRIVATE KEY----- is missing");
}

TEST(Redaction, LeavesAloneWhatIsTooShortToTell) {
  remember_secret(Secret("abc"));
  EXPECT_EQ(redacted("abc"), "abc");
}

}  // namespace
}  // namespace falaj::warehouse
