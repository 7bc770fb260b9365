#include "simulator/name_tables.hpp"

#include <array>

namespace falaj::simulator {
namespace {

constexpr std::array kFirstNames = {
    PersonName{"محمد", "Mohammed", true},   PersonName{"أحمد", "Ahmed", true},
    PersonName{"عبدالله", "Abdullah", true}, PersonName{"خالد", "Khalid", true},
    PersonName{"فهد", "Fahad", true},       PersonName{"سلطان", "Sultan", true},
    PersonName{"سعود", "Saud", true},       PersonName{"تركي", "Turki", true},
    PersonName{"ماجد", "Majed", true},      PersonName{"يوسف", "Yousef", true},
    PersonName{"عبدالرحمن", "Abdulrahman", true}, PersonName{"بندر", "Bandar", true},
    PersonName{"نورة", "Noura", false},     PersonName{"سارة", "Sarah", false},
    PersonName{"ريم", "Reem", false},       PersonName{"هند", "Hind", false},
    PersonName{"لطيفة", "Latifa", false},   PersonName{"منيرة", "Munira", false},
    PersonName{"العنود", "Alanoud", false}, PersonName{"أمل", "Amal", false},
    PersonName{"مها", "Maha", false},       PersonName{"جواهر", "Jawaher", false},
    PersonName{"شهد", "Shahad", false},     PersonName{"ليان", "Layan", false},
};

constexpr std::array kLastNames = {
    PersonName{"العتيبي", "Alotaibi", true}, PersonName{"القحطاني", "Alqahtani", true},
    PersonName{"الشمري", "Alshammari", true}, PersonName{"الدوسري", "Aldosari", true},
    PersonName{"الغامدي", "Alghamdi", true}, PersonName{"الزهراني", "Alzahrani", true},
    PersonName{"الحربي", "Alharbi", true},   PersonName{"المطيري", "Almutairi", true},
    PersonName{"الشهري", "Alshehri", true},  PersonName{"العنزي", "Alanazi", true},
    PersonName{"السبيعي", "Alsubaie", true}, PersonName{"المالكي", "Almalki", true},
    PersonName{"البقمي", "Albaqami", true},  PersonName{"الرشيدي", "Alrashidi", true},
    PersonName{"بن سعيد", "Bin Saeed", true}, PersonName{"الخالدي", "Alkhaldi", true},
};

constexpr std::array<std::string_view, 16> kCities = {
    "الرياض", "جدة",  "مكة المكرمة", "المدينة المنورة", "الدمام", "الخبر", "الطائف", "بريدة",
    "تبوك",   "أبها", "خميس مشيط",   "حائل",            "الجبيل", "نجران", "ينبع",   "Riyadh"};

constexpr std::array kGoods = {
    GoodsName{"عباية سوداء مطرزة", 180, 650, true},
    GoodsName{"ثوب رجالي قطن", 120, 380, true},
    GoodsName{"شماغ أحمر", 60, 220, false},
    GoodsName{"عطر عود ملكي ٥٠ مل", 150, 900, false},
    GoodsName{"بخور معمول", 40, 260, false},
    GoodsName{"تمر سكري فاخر ١ كجم", 25, 110, false},
    GoodsName{"قهوة عربية محمصة", 30, 95, false},
    GoodsName{"هيل هندي", 20, 70, false},
    GoodsName{"حذاء رياضي", 140, 560, true},
    GoodsName{"ساعة يد جلد", 200, 1'400, false},
    GoodsName{"شنطة كتف نسائية", 90, 780, false},
    GoodsName{"سماعة بلوتوث لاسلكية", 70, 420, false},
    GoodsName{"كفر جوال سيليكون", 15, 75, false},
    GoodsName{"شاحن سريع 25W", 45, 130, false},
    GoodsName{"T-Shirt Black", 40, 160, true},
    GoodsName{"Custom Shirt", 60, 240, true},
    GoodsName{"SSD 256G", 150, 480, false},
    GoodsName{"USB-C Cable 2m", 20, 60, false},
    GoodsName{"فستان سهرة", 250, 1'900, true},
    GoodsName{"طقم أكواب شاي", 55, 240, false},
    GoodsName{"مبخرة خشب", 35, 190, false},
    GoodsName{"سجادة صلاة", 30, 140, false},
    GoodsName{"كريم مرطب 200 مل", 28, 130, false},
    GoodsName{"زيت زيتون جوفي", 45, 160, false},
};

constexpr std::array<std::string_view, 8> kColours = {"أسود", "أبيض", "كحلي",  "بيج",
                                                      "Navy", "ذهبي", "عنابي", "رمادي"};
constexpr std::array<std::string_view, 6> kSizes = {"S", "M", "L", "XL", "2XL", "٤٤"};

}  // namespace

std::span<const PersonName> first_names() { return kFirstNames; }
std::span<const PersonName> last_names() { return kLastNames; }
std::span<const std::string_view> cities() { return kCities; }
std::span<const GoodsName> goods() { return kGoods; }
std::span<const std::string_view> colours() { return kColours; }
std::span<const std::string_view> sizes() { return kSizes; }

}  // namespace falaj::simulator
