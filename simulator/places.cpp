#include "simulator/places.hpp"

#include <array>

#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

using City = PlaceCity;

constexpr std::array kSaudi = {City{"الرياض", "Riyadh"},
                               City{"جدة", "Jeddah"},
                               City{"مكة", "Mecca"},
                               City{"الدمام", "Dammam"},
                               City{"المدينة المنورة", "Medina"},
                               City{"الخبر", "Khobar"},
                               City{"أبها", "Abha"},
                               City{"تبوك", "Tabuk"},
                               City{"بريدة", "Buraydah"},
                               City{"حائل", "Hail"},
                               City{"جازان", "Jazan"},
                               City{"نجران", "Najran"},
                               City{"الطائف", "Taif"},
                               City{"الجبيل", "Jubail"},
                               City{"خميس مشيط", "Khamis Mushait"},
                               City{"الأحساء", "Al Ahsa"},
                               City{"الهفوف", "Hofuf"},
                               City{"القطيف", "Qatif"},
                               City{"ينبع", "Yanbu"},
                               City{"الخرج", "Al Kharj"},
                               City{"عنيزة", "Unaizah"},
                               City{"سكاكا", "Sakaka"},
                               City{"عرعر", "Arar"},
                               City{"الباحة", "Al Bahah"},
                               City{"حفر الباطن", "Hafar Al Batin"},
                               City{"الظهران", "Dhahran"},
                               City{"الخفجي", "Khafji"},
                               City{"رأس تنورة", "Ras Tanura"},
                               City{"سيهات", "Saihat"},
                               City{"صفوى", "Safwa"},
                               City{"تاروت", "Tarout"},
                               City{"بقيق", "Abqaiq"},
                               City{"النعيرية", "An Nuayriyah"},
                               City{"القريات", "Qurayyat"},
                               City{"دومة الجندل", "Dumat Al Jandal"},
                               City{"طريف", "Turaif"},
                               City{"رفحاء", "Rafha"},
                               City{"العلا", "AlUla"},
                               City{"الوجه", "Al Wajh"},
                               City{"ضباء", "Duba"},
                               City{"أملج", "Umluj"},
                               City{"تيماء", "Tayma"},
                               City{"حقل", "Haql"},
                               City{"بدر", "Badr"},
                               City{"خيبر", "Khaybar"},
                               City{"المهد", "Mahd Adh Dhahab"},
                               City{"رابغ", "Rabigh"},
                               City{"الليث", "Al Lith"},
                               City{"القنفذة", "Al Qunfudhah"},
                               City{"خليص", "Khulais"},
                               City{"الجموم", "Al Jumum"},
                               City{"الكامل", "Al Kamil"},
                               City{"رنية", "Ranyah"},
                               City{"تربة", "Turbah"},
                               City{"الخرمة", "Al Khurmah"},
                               City{"الموية", "Al Muwayh"},
                               City{"بيشة", "Bisha"},
                               City{"النماص", "An Namas"},
                               City{"محايل عسير", "Muhayil"},
                               City{"سراة عبيدة", "Sarat Abidah"},
                               City{"تثليث", "Tathleeth"},
                               City{"ظهران الجنوب", "Dhahran Al Janub"},
                               City{"أحد رفيدة", "Ahad Rafidah"},
                               City{"رجال ألمع", "Rijal Almaa"},
                               City{"بلقرن", "Balqarn"},
                               City{"المجاردة", "Al Majardah"},
                               City{"تنومة", "Tanomah"},
                               City{"صبيا", "Sabya"},
                               City{"أبو عريش", "Abu Arish"},
                               City{"صامطة", "Samtah"},
                               City{"بيش", "Baish"},
                               City{"الدرب", "Ad Darb"},
                               City{"العارضة", "Al Aridhah"},
                               City{"أحد المسارحة", "Ahad Al Masarihah"},
                               City{"فرسان", "Farasan"},
                               City{"شرورة", "Sharurah"},
                               City{"حبونا", "Hubuna"},
                               City{"بدر الجنوب", "Badr Al Janub"},
                               City{"بلجرشي", "Baljurashi"},
                               City{"المندق", "Al Mandaq"},
                               City{"المخواة", "Al Makhwah"},
                               City{"العقيق", "Al Aqiq"},
                               City{"قلوة", "Qilwah"},
                               City{"الدوادمي", "Ad Dawadimi"},
                               City{"عفيف", "Afif"},
                               City{"شقراء", "Shaqra"},
                               City{"الزلفي", "Az Zulfi"},
                               City{"المجمعة", "Al Majmaah"},
                               City{"حوطة بني تميم", "Hotat Bani Tamim"},
                               City{"الأفلاج", "Al Aflaj"},
                               City{"وادي الدواسر", "Wadi Ad Dawasir"},
                               City{"السليل", "As Sulayyil"},
                               City{"القويعية", "Al Quwayiyah"},
                               City{"الدرعية", "Diriyah"},
                               City{"المزاحمية", "Al Muzahimiyah"},
                               City{"ضرما", "Dhurma"},
                               City{"ثادق", "Thadiq"},
                               City{"حريملاء", "Huraymila"},
                               City{"رماح", "Rumah"},
                               City{"الغاط", "Al Ghat"},
                               City{"مرات", "Marat"},
                               City{"الحريق", "Al Hariq"},
                               City{"الرس", "Ar Rass"},
                               City{"البكيرية", "Al Bukayriyah"},
                               City{"المذنب", "Al Mithnab"},
                               City{"البدائع", "Al Badai"},
                               City{"رياض الخبراء", "Riyadh Al Khabra"},
                               City{"عيون الجواء", "Uyun Al Jiwa"},
                               City{"الأسياح", "Al Asyah"},
                               City{"الشماسية", "Ash Shimasiyah"},
                               City{"النبهانية", "An Nabhaniyah"},
                               City{"ضرية", "Dariyah"},
                               City{"بقعاء", "Baqaa"},
                               City{"الشنان", "Ash Shinan"},
                               City{"الغزالة", "Al Ghazalah"},
                               City{"السليمي", "As Sulaimi"},
                               City{"موقق", "Mawqaq"},
                               City{"الحائط", "Al Hait"}};

constexpr std::array kAE = {City{"أبو ظبي", "Abu Dhabi"}, City{"دبي", "Dubai"},
                            City{"الشارقة", "Sharjah"},   City{"العين", "Al Ain"},
                            City{"عجمان", "Ajman"},       City{"رأس الخيمة", "Ras Al Khaimah"},
                            City{"الفجيرة", "Fujairah"},  City{"أم القيوين", "Umm Al Quwain"}};

constexpr std::array kKW = {
    City{"مدينة الكويت", "Kuwait City"}, City{"حولي", "Hawalli"},  City{"السالمية", "Salmiya"},
    City{"الفروانية", "Farwaniya"},      City{"الجهراء", "Jahra"}, City{"الأحمدي", "Ahmadi"},
    City{"أبو حليفة", "Abu Halifa"}};

constexpr std::array kQA = {City{"الدوحة", "Doha"}, City{"الريان", "Al Rayyan"},
                            City{"الخور", "Al Khor"}, City{"الوكرة", "Al Wakrah"},
                            City{"الشمال", "Al Shamal"}};

constexpr std::array kBH = {City{"المنامة", "Manama"}, City{"المحرق", "Muharraq"},
                            City{"الرفاع", "Riffa"}, City{"مدينة عيسى", "Isa Town"},
                            City{"سترة", "Sitra"}};

constexpr std::array kOM = {City{"مسقط", "Muscat"}, City{"صلالة", "Salalah"}, City{"صحار", "Sohar"},
                            City{"نزوى", "Nizwa"}, City{"صور", "Sur"}};

constexpr std::array kJO = {City{"عمّان", "Amman"}, City{"الزرقاء", "Zarqa"}, City{"إربد", "Irbid"},
                            City{"العقبة", "Aqaba"}};

constexpr std::array kEG = {City{"القاهرة", "CAIRO"}, City{"الإسكندرية", "Alexandria"},
                            City{"الجيزة", "Giza"}, City{"المنصورة", "Mansoura"},
                            City{"أسوان", "Aswan"}};

constexpr std::array kIQ = {City{"بغداد", "Baghdad"}, City{"البصرة", "Basra"},
                            City{"أربيل", "Erbil"}};

constexpr std::array kYE = {City{"صنعاء", "Sanaa"}, City{"عدن", "Aden"}, City{"تعز", "Taiz"}};

constexpr std::array kLB = {City{"بيروت", "Beirut"}, City{"طرابلس", "Tripoli"},
                            City{"صيدا", "Sidon"}};

constexpr std::array kMA = {City{"الدار البيضاء", "Casablanca"}, City{"الرباط", "Rabat"},
                            City{"مراكش", "Marrakesh"}};

constexpr std::array kTN = {City{"تونس", "Tunis"}, City{"صفاقس", "Sfax"}};

constexpr std::array kDZ = {City{"الجزائر", "Algiers"}, City{"وهران", "Oran"}};

constexpr std::array kSD = {City{"الخرطوم", "Khartoum"}, City{"بورتسودان", "Port Sudan"}};

constexpr std::array kTR = {City{"إسطنبول", "Istanbul"}, City{"أنقرة", "Ankara"}};

constexpr std::array kGB = {City{"لندن", "London"}, City{"مانشستر", "Manchester"}};

constexpr std::array kUS = {City{"نيويورك", "New York"}, City{"هيوستن", "Houston"}};

constexpr std::array kDE = {City{"برلين", "Berlin"}, City{"ميونخ", "Munich"}};

constexpr std::array kIN = {City{"دلهي", "Delhi"}, City{"مومباي", "Mumbai"}};

constexpr std::array kPK = {City{"كراتشي", "Karachi"}, City{"لاهور", "Lahore"}};

constexpr std::array kCountries = {
    PlaceCountry{"السعودية", "Saudi Arabia", "SA", "+966", "Riyadh", kSaudi},
    PlaceCountry{"الامارات", "United Arab Emirates", "AE", "+971", "Abu Dhabi", kAE},
    PlaceCountry{"الكويت", "Kuwait", "KW", "+965", "Kuwait City", kKW},
    PlaceCountry{"قطر", "Qatar", "QA", "+974", "Doha", kQA},
    PlaceCountry{"البحرين", "Bahrain", "BH", "+973", "Manama", kBH},
    PlaceCountry{"عمان", "Oman", "OM", "+968", "Muscat", kOM},
    PlaceCountry{"الأردن", "Jordan", "JO", "+962", "Amman", kJO},
    PlaceCountry{"مصر", "Egypt", "EG", "+20", "Cairo", kEG},
    PlaceCountry{"العراق", "Iraq", "IQ", "+964", "Baghdad", kIQ},
    PlaceCountry{"اليمن", "Yemen", "YE", "+967", "Sanaa", kYE},
    PlaceCountry{"لبنان", "Lebanon", "LB", "+961", "Beirut", kLB},
    PlaceCountry{"المغرب", "Morocco", "MA", "+212", "Rabat", kMA},
    PlaceCountry{"تونس", "Tunisia", "TN", "+216", "Tunis", kTN},
    PlaceCountry{"الجزائر", "Algeria", "DZ", "+213", "Algiers", kDZ},
    PlaceCountry{"السودان", "Sudan", "SD", "+249", "Khartoum", kSD},
    PlaceCountry{"تركيا", "Turkey", "TR", "+90", "Ankara", kTR},
    PlaceCountry{"المملكة المتحدة", "United Kingdom", "GB", "+44", "London", kGB},
    PlaceCountry{"الولايات المتحدة", "United States", "US", "+1", "Washington", kUS},
    PlaceCountry{"ألمانيا", "Germany", "DE", "+49", "Berlin", kDE},
    PlaceCountry{"الهند", "India", "IN", "+91", "New Delhi", kIN},
    PlaceCountry{"باكستان", "Pakistan", "PK", "+92", "Islamabad", kPK}};

// The ids that head Salla's fixed lists.
constexpr std::array<int64_t, 9> kHeadIds = {1473353380, 566146469,  1298199463,
                                             525144736,  1764372897, 989286562,
                                             349994915,  1723506348, 814202285};

enum Salt : uint64_t { kCountryIds = 841, kCityIds };

}  // namespace

std::span<const PlaceCountry> place_countries() {
  return kCountries;
}

std::span<const PlaceCity> place_cities() {
  return kSaudi;
}

int64_t country_id(uint64_t number) {
  if (number < kHeadIds.size()) return kHeadIds[number];
  return derived_id(static_cast<int64_t>(number), kCountryIds);
}

int64_t city_id(uint64_t number, uint64_t country) {
  if (country == 0 && number < kHeadIds.size()) return kHeadIds[number];
  return derived_id(static_cast<int64_t>(country * 1000 + number), kCityIds);
}

}  // namespace falaj::simulator
