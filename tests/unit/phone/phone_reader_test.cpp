// Phone numbers in all the ways that stores write them; what is no number is none.
#include "phone/phone_reader.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace falaj::phone {
namespace {

std::string e164(std::string_view number, std::string_view code = "") {
  static const auto reader = std::make_unique<PhoneReader>();
  const auto found = reader->read(number, code);
  return found ? std::string(*found) : "none";
}

TEST(PhoneReader, OneNumberHasManyFaces) {
  const std::vector<std::string> faces = {
      "0501234567",
      "501234567",
      "966501234567",
      "+966501234567",
      "00966501234567",
      "+966 50 123 4567",
      "050-123-4567",
      "(050) 123 4567",
      "050.123.4567",
      "+966 (0) 50 123 4567",
      "9660501234567",
      "+9660501234567",
      "٠٥٠١٢٣٤٥٦٧",
      "۰۵۰۱۲۳۴۵۶۷",
      "+٩٦٦٥٠١٢٣٤٥٦٧",
      "٠٠٩٦٦٥٠١٢٣٤٥٦٧",
      "０５０１２３４５６７",
      "\u202A+966501234567\u202C",
      "+\u200E966501234567",
      "+966\u00A050\u00A0123\u00A04567",
      "\u200F050\u200B123\u20604567",
      "\uFEFF0501234567",
      "  0501234567  ",
      "tel:+966501234567",
      "++966501234567",
  };
  for (const auto& face : faces) {
    EXPECT_EQ(e164(face), "+966501234567") << face;
    EXPECT_EQ(e164(face, "+966"), "+966501234567") << face;
    EXPECT_EQ(e164(face, "966"), "+966501234567") << face;
    EXPECT_EQ(e164(face, "00966"), "+966501234567") << face;
    EXPECT_EQ(e164(face, "٩٦٦"), "+966501234567") << face;
    EXPECT_EQ(e164(face, "SA"), "+966501234567") << face;
  }
}

TEST(PhoneReader, OtherCountriesAreKnownByTheirCode) {
  EXPECT_EQ(e164("712345678", "967"), "+967712345678");
  EXPECT_EQ(e164("1001234567", "+20"), "+201001234567");
  EXPECT_EQ(e164("01001234567", "+20"), "+201001234567");
  EXPECT_EQ(e164("50012345", "965"), "+96550012345");
  EXPECT_EQ(e164("50012345", "KW"), "+96550012345");
  EXPECT_EQ(e164("501234567", "971"), "+971501234567");
  EXPECT_EQ(e164("0501234567", "+971"), "+971501234567");
  EXPECT_EQ(e164("+971501234567", "+966"), "+971501234567") << "its own plus counts";
  EXPECT_EQ(e164("00971501234567"), "+971501234567");
  EXPECT_EQ(e164("971501234567", "+966"), "+971501234567") << "too long for a Saudi one";
  EXPECT_EQ(e164("447911123456"), "+447911123456");
}

TEST(PhoneReader, LandlinesAndServiceNumbersAreNumbers) {
  EXPECT_EQ(e164("0112345678"), "+966112345678");
  EXPECT_EQ(e164("22345678", "965"), "+96522345678");
  EXPECT_EQ(e164("920012345"), "+966920012345");
  EXPECT_EQ(e164("8001234567"), "+9668001234567");
}

TEST(PhoneReader, WhatIsNoNumberIsNone) {
  for (const char* text : {"",
                           " ",
                           "null",
                           "NULL",
                           "0",
                           "00",
                           "000",
                           "-",
                           "+",
                           "+966",
                           "966",
                           "+966null",
                           "nan",
                           "()",
                           "123",
                           "1234567",
                           "000000000",
                           "5012345678901234567890",
                           "لا يوجد",
                           "person@example.com",
                           "\xE2\x80",
                           "\xFF\xFE",
                           "0501234567/0501234568",
                           "0521234567",
                           "+",
                           "٠"}) {
    EXPECT_EQ(e164(text), "none") << text;
    EXPECT_EQ(e164(text, "+966"), "none") << text;
  }
  EXPECT_EQ(e164(std::string(500, '5')), "none");
  EXPECT_EQ(e164("501234567", "null"), "+966501234567") << "no code is the stores' own";
  EXPECT_EQ(e164("501234567", "999999"), "+966501234567");
}

// The first five digits decide: numbers that end otherwise are the same to the library.
TEST(PhoneReader, WhatIsRememberedIsWhatTheLibrarySays) {
  const auto reader = std::make_unique<PhoneReader>();
  int valid = 0;
  for (int prefix = 50'000; prefix < 60'000; prefix += 17) {
    const auto remembered = reader->read(std::to_string(prefix) + "0000", "").has_value();
    for (const char* end : {"0001", "9999", "1234"}) {
      const auto number = std::to_string(prefix) + end;
      ASSERT_EQ(reader->ask(number, "").has_value(), remembered) << number;
      ASSERT_EQ(reader->read(number, "").has_value(), remembered) << number;
    }
    valid += remembered ? 1 : 0;
  }
  EXPECT_GT(valid, 300);
  EXPECT_LT(valid, 588);
}

}  // namespace
}  // namespace falaj::phone
