; The repository's queries/highlights.scm in Helix' names. An argument is meant by one pattern only, as Helix before 25.07 takes the first one that fits and since
; then the last; only a regex of a location has two, and its colour since 25.07.

(comment) @comment

(_ name: (word) @keyword)

((_ argument: (word) @string)
  (#not-match? @string "^([0-9]+([kKmMgG]|ms|[smhdwMy])?|on|off|=|~|~\\*|\\^~|\\$([A-Za-z0-9_]+|\\{[A-Za-z0-9_]+\\}))$"))

((_ argument: (word) @constant.numeric)
  (#match? @constant.numeric "^[0-9]+([kKmMgG]|ms|[smhdwMy])?$"))

((_ argument: (word) @constant.builtin.boolean)
  (#any-of? @constant.builtin.boolean "on" "off"))

((_ argument: (word) @variable)
  (#match? @variable "^\\$([A-Za-z0-9_]+|\\{[A-Za-z0-9_]+\\})$"))

((_ argument: (word) @keyword.operator)
  (#any-of? @keyword.operator "=" "~" "~*" "^~"))

((block_directive
  name: (word) @keyword
  .
  argument: (word) @keyword.operator
  .
  argument: (word) @string.regexp)
  (#eq? @keyword "location")
  (#any-of? @keyword.operator "~" "~*"))

((simple_directive
  name: (word) @keyword
  .
  argument: (word) @string.regexp)
  (#eq? @keyword "rewrite"))

";" @punctuation.delimiter
["{" "}"] @punctuation.bracket

[
  (unterminated_word)
  (unbalanced_lua_code)
  (stray_semicolon)
  (stray_close)
] @error
