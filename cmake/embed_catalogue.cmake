# Writes a C++ source with the built-in catalogue as JSON text: the connector reads one form, whether a
# stream comes from here or from a user's file. Configuring runs again when the catalogue changes.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
function(falaj_embed_catalogue folder output)
  set(inputs ${folder}/catalogue.toml ${folder}/catalogue_store.toml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})
  execute_process(COMMAND ${Python3_EXECUTABLE} -c
    "import json,sys,tomllib; parts=[tomllib.load(open(name,'rb'))['streams'] for name in sys.argv[1:]]; \
print(json.dumps({'streams': {name: keys for part in parts for name, keys in part.items()}},ensure_ascii=False))" ${inputs}
    OUTPUT_VARIABLE json OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_VARIABLE problem RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${inputs}: ${problem}")
  endif()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"#include \"connectors/salla/embedded_catalogue.hpp\"

namespace falaj::connectors::salla {

std::string_view embedded_catalogue() {
  return R\"~json~(@json@)~json~\";
}

}  // namespace falaj::connectors::salla
")
endfunction()
