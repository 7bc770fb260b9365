# Writes a C++ source with models/fixtures/store.jsonl as raw strings, so that `falaj accept` runs from
# any directory. Configuring runs again when the file changes.
function(falaj_embed_fixtures file output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} content)
  # Compilers limit the length of one literal: each line is one.
  string(REPLACE "\n" "\n)~line~\"\nR\"~line~(" content "${content}")
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"#include \"operate/model_fixtures.hpp\"

namespace falaj::operate {

std::string_view embedded_fixtures() {
  return R\"~line~(@content@)~line~\";
}

}  // namespace falaj::operate
")
endfunction()
