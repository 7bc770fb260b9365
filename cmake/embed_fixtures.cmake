# Writes a C++ source with models/fixtures/store.jsonl as raw strings, so that `falaj accept` runs from
# any directory. Configuring runs again when the file changes.
function(falaj_embed_fixtures file output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} content)
  # Compilers limit the length of one literal: each line is one.
  string(REPLACE "\n" "\n)~line~\"\nR\"~line~(" content "${content}")
  set(text "#include \"operate/model_fixtures.hpp\"\n\nnamespace falaj::operate {\n\n")
  string(APPEND text "std::string_view embedded_fixtures() {\n  return R\"~line~(${content})~line~\";\n}\n\n")
  string(APPEND text "}  // namespace falaj::operate\n")
  set(previous "")
  if(EXISTS ${output})
    file(READ ${output} previous)
  endif()
  if(NOT previous STREQUAL text)
    file(WRITE ${output} "${text}")
  endif()
endfunction()
