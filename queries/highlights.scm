; Names of directives, their words, comments. What nginx refuses is `error`.

(comment) @comment

(simple_directive name: (word) @keyword)
(incomplete_directive name: (word) @keyword)
(block_directive name: (word) @keyword)
(lua_directive name: (word) @keyword)

(simple_directive argument: (word) @string)
(incomplete_directive argument: (word) @string)
(block_directive argument: (word) @string)
(lua_directive argument: (word) @string)

((word) @number
  (#match? @number "^[0-9]+([kKmMgG]|ms|[smhdwMy])?$"))

((word) @boolean
  (#any-of? @boolean "on" "off"))

((word) @variable
  (#match? @variable "^\\$([A-Za-z0-9_]+|\\{[A-Za-z0-9_]+\\})$"))

(block_directive
  name: (word) @_location
  .
  argument: (word) @operator
  (#any-of? @_location "location" "if")
  (#any-of? @operator "=" "~" "~*" "^~"))

(block_directive
  name: (word) @_location
  .
  argument: (word) @_operator
  .
  argument: (word) @string.regexp
  (#eq? @_location "location")
  (#any-of? @_operator "~" "~*"))

(simple_directive
  name: (word) @_rewrite
  .
  argument: (word) @string.regexp
  (#eq? @_rewrite "rewrite"))

";" @punctuation.delimiter
["{" "}"] @punctuation.bracket

(unterminated_word) @error
(unbalanced_lua_code) @error
(stray_semicolon) @error
(stray_close) @error
