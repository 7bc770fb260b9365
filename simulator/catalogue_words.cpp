#include "simulator/catalogue_words.hpp"

#include <array>

#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

using Words = std::string_view;

constexpr std::array kMale = {Words("محمد"),  Words("أحمد"),    Words("عبدالله"), Words("خالد"),
                              Words("فهد"),   Words("سعود"),    Words("فيصل"),    Words("تركي"),
                              Words("سلطان"), Words("ناصر"),    Words("ماجد"),    Words("بندر"),
                              Words("يوسف"),  Words("إبراهيم"), Words("عمر"),     Words("سلمان"),
                              Words("نواف"),  Words("مشعل"),    Words("راكان"),   Words("زياد")};
constexpr std::array kFemale = {Words("نورة"),  Words("سارة"),   Words("فاطمة"), Words("ريم"),
                                Words("هند"),   Words("لطيفة"),  Words("أمل"),   Words("منيرة"),
                                Words("جواهر"), Words("العنود"), Words("لمى"),   Words("غادة"),
                                Words("دانة"),  Words("شهد"),    Words("روان"),  Words("أسماء"),
                                Words("مها"),   Words("وفاء"),   Words("رهف"),   Words("جود")};
constexpr std::array kFamily = {
    Words("العتيبي"),  Words("القحطاني"), Words("الدوسري"), Words("الشمري"),  Words("الغامدي"),
    Words("الزهراني"), Words("الحربي"),   Words("المطيري"), Words("السبيعي"), Words("العنزي"),
    Words("الشهري"),   Words("آل سعيد"),  Words("المالكي"), Words("الأحمدي"), Words("البلوي"),
    Words("الرشيدي"),  Words("الخالدي"),  Words("السهلي"),  Words("الجهني"),  Words("العمري")};
constexpr std::array kLatinMale = {
    Words("Mohammed"), Words("Ahmad"),  Words("Abdullah"), Words("Khalid"),  Words("Fahad"),
    Words("Saud"),     Words("Faisal"), Words("Turki"),    Words("Sultan"),  Words("Nasser"),
    Words("Majed"),    Words("Bandar"), Words("Yousef"),   Words("Ibrahim"), Words("Omar"),
    Words("Salman"),   Words("Nawaf"),  Words("Mishal"),   Words("Rakan"),   Words("Ziyad")};
constexpr std::array kLatinFemale = {
    Words("Noura"),  Words("Sarah"), Words("Fatimah"), Words("Reem"),    Words("Hind"),
    Words("Latifa"), Words("Amal"),  Words("Munira"),  Words("Jawaher"), Words("Alanoud"),
    Words("Lama"),   Words("Ghada"), Words("Dana"),    Words("Shahad"),  Words("Rawan"),
    Words("Asma"),   Words("Maha"),  Words("Wafa"),    Words("Rahaf"),   Words("Joud")};
constexpr std::array kLatinFamily = {
    Words("Alotaibi"), Words("Alqahtani"), Words("Aldosari"), Words("Alshammari"),
    Words("Alghamdi"), Words("Alzahrani"), Words("Alharbi"),  Words("Almutairi"),
    Words("Alsubaie"), Words("Alanazi"),   Words("Alshehri"), Words("Al-Saeed"),
    Words("Almalki"),  Words("Alahmadi"),  Words("Albalawi"), Words("Alrashidi"),
    Words("Alkhaldi"), Words("Alsahli"),   Words("Aljohani"), Words("Alamri")};

constexpr std::array kCities = {
    City{"الرياض", "العليا", "شارع التحلية"},        City{"جدة", "الزهراء", "شارع ابو امية الضمري"},
    City{"مكة", "السلام", "شارع عبدالله"},           City{"الدمام", "الشاطئ", "طريق الخليج"},
    City{"المدينة المنورة", "العوالي", "طريق قباء"}, City{"الخبر", "العقربية", "شارع الملك فهد"},
    City{"أبها", "المنسك", "طريق الملك خالد"},       City{"تبوك", "المروج", "شارع الأمير سلطان"},
    City{"بريدة", "الصفراء", "طريق عمر بن الخطاب"},  City{"حائل", "النقرة", "شارع الأمير سعود"},
    City{"جازان", "الشاطئ", "كورنيش جازان"},         City{"نجران", "الفهد", "طريق الملك عبدالعزيز"},
    City{"الطائف", "شهار", "شارع الستين"},           City{"الجبيل", "الفناتير", "طريق الجبيل"}};

constexpr std::array<Words, 4> kSizes = {"S", "M", "L", "XL"};
constexpr std::array<Words, 3> kLengths = {"54", "56", "58"};
constexpr std::array<Words, 3> kVolumes = {"50 مل", "100 مل", "200 مل"};
constexpr std::array<Words, 3> kWeights = {"250 جرام", "500 جرام", "1 كجم"};
constexpr std::array<Words, 3> kColours = {"أسود", "أبيض", "ذهبي"};

constexpr std::array kGoods = {Good{"عبايات", "عباية كريب", 249, 650, "المقاس", kLengths},
                               Good{"عبايات", "عباية شتوية مخمل", 389, 900, "المقاس", kLengths},
                               Good{"ملابس رجالية", "ثوب سعودي", 180, 500, "المقاس", kSizes},
                               Good{"ملابس رجالية", "شماغ أحمر", 145, 250, "", {}},
                               Good{"ملابس رجالية", "تي شيرت بلاك", 79, 220, "المقاس", kSizes},
                               Good{"ملابس نسائية", "تنورة", 99, 300, "المقاس", kSizes},
                               Good{"ملابس نسائية", "فستان سهرة", 420, 700, "المقاس", kSizes},
                               Good{"عطور", "عطر عود كمبودي", 330, 400, "الحجم", kVolumes},
                               Good{"عطور", "دهن عود ملكي", 560, 120, "", {}},
                               Good{"عطور", "بخور دوسري", 120, 200, "", {}},
                               Good{"عطور", "Musk Body Mist", 65, 280, "الحجم", kVolumes},
                               Good{"قهوة وتمور", "قهوة سعودية مختصة", 58, 500, "الوزن", kWeights},
                               Good{"قهوة وتمور", "تمر سكري فاخر", 45, 1000, "الوزن", kWeights},
                               Good{"قهوة وتمور", "Colombia V60 Filter", 72, 250, "", {}},
                               Good{"أجهزة", "سماعة بلوتوث", 199, 180, "اللون", kColours},
                               Good{"أجهزة", "شاحن سريع 65W", 89, 150, "", {}},
                               Good{"أجهزة", "Smart Watch S2", 449, 90, "اللون", kColours},
                               Good{"أجهزة", "ماكينة قهوة", 799, 4200, "", {}},
                               Good{"عناية", "كريم مرطب", 54, 120, "", {}},
                               Good{"عناية", "سيروم فيتامين C", 119, 60, "", {}},
                               Good{"عناية", "Argan Hair Oil", 48, 110, "الحجم", kVolumes},
                               Good{"أطفال", "لعبة تركيب خشبية", 65, 800, "", {}},
                               Good{"أطفال", "طقم مواليد", 135, 450, "", {}},
                               Good{"منزل", "مبخرة إلكترونية", 159, 900, "اللون", kColours},
                               Good{"منزل", "طقم فناجين", 88, 1300, "", {}},
                               Good{"منزل", "مفرش سرير", 265, 2400, "اللون", kColours},
                               Good{"إكسسوارات", "سوار فضة", 110, 30, "", {}},
                               Good{"إكسسوارات", "حقيبة يد جلد", 349, 850, "اللون", kColours}};

constexpr std::array kEpithets = {Words("كلاسيك"), Words("فاخر"),  Words("الجديد"), Words("المطور"),
                                  Words("رمضان"),  Words("الصيف"), Words("الشتاء"), Words("Plus"),
                                  Words("Pro"),    Words("هدية"),  Words("أصلي"),   Words("محدود")};
constexpr std::array kBrands = {Words("نجد"),        Words("درعية"), Words("Oudline"),
                                Words("بيت القهوة"), Words("Sahra"), Words("واحة"),
                                Words("Tuwaiq"),     Words("لؤلؤة")};
constexpr std::array kDescriptions = {
    Words("منتج أصلي بجودة عالية، يشحن خلال يومي عمل داخل المملكة، مع إمكانية الإرجاع خلال سبعة "
          "أيام."),
    Words("خامات مختارة بعناية وتصميم عصري يناسب جميع المناسبات. الكمية محدودة."),
    Words("One of our best sellers. Carefully packed and shipped from Riyadh within two days."),
    Words("تغليف هدايا مجاني، وضمان استبدال لمدة عام من تاريخ الشراء."), Words("")};
constexpr std::array kAgents = {
    Words(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/17.4 Mobile/15E148 Safari/604.1"),
    Words("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/121.0.0.0 Mobile Safari/537.36"),
    Words("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/121.0.0.0 Safari/537.36"),
    Words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/102.0.0.0 Safari/537.36")};

}  // namespace

std::span<const std::string_view> male_names() {
  return kMale;
}
std::span<const std::string_view> female_names() {
  return kFemale;
}
std::span<const std::string_view> family_names() {
  return kFamily;
}
std::span<const std::string_view> latin_male_names() {
  return kLatinMale;
}
std::span<const std::string_view> latin_female_names() {
  return kLatinFemale;
}
std::span<const std::string_view> latin_family_names() {
  return kLatinFamily;
}
std::span<const City> cities() {
  return kCities;
}
std::span<const Good> goods() {
  return kGoods;
}
std::span<const std::string_view> good_epithets() {
  return kEpithets;
}
int64_t category_id(std::string_view category) {
  uint64_t sum = 0;
  for (const char c : category) sum = mix64(sum + static_cast<unsigned char>(c));
  return static_cast<int64_t>(sum & 0x3FFFFFFFU) + 1;
}
int64_t brand_id(uint64_t number) {
  return 1'000'000'007 + static_cast<int64_t>(number) * 7'654'321;
}
std::span<const std::string_view> brands() {
  return kBrands;
}
std::span<const std::string_view> descriptions() {
  return kDescriptions;
}
std::span<const std::string_view> user_agents() {
  return kAgents;
}

}  // namespace falaj::simulator
