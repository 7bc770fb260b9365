# Writes a C++ source with the built-in catalogue as JSON text: the connector reads one form, whether a
# stream comes from here or from a user's file. Configuring runs again when the catalogue changes.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
function(falaj_embed_catalogue input output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${input})
  execute_process(COMMAND ${Python3_EXECUTABLE} -c
    "import json,sys,tomllib; print(json.dumps(tomllib.load(open(sys.argv[1],'rb')),ensure_ascii=False))" ${input}
    OUTPUT_VARIABLE json OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_VARIABLE problem RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${input}: ${problem}")
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
