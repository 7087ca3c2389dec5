; The repository's queries/highlights.scm in Zed's names; what comes later wins.

(comment) @comment

(_ name: (word) @keyword)
(_ argument: (word) @string)

((_ argument: (word) @number)
  (#match? @number "^[0-9]+([kKmMgG]|ms|[smhdwMy])?$"))

((_ argument: (word) @boolean)
  (#any-of? @boolean "on" "off"))

((_ argument: (word) @variable)
  (#match? @variable "^\\$([A-Za-z0-9_]+|\\{[A-Za-z0-9_]+\\})$"))

((block_directive
  name: (word) @keyword
  .
  argument: (word) @operator)
  (#any-of? @keyword "location" "if")
  (#any-of? @operator "=" "~" "~*" "^~"))

((block_directive
  name: (word) @keyword
  .
  argument: (word) @operator
  .
  argument: (word) @string.regex)
  (#eq? @keyword "location")
  (#any-of? @operator "~" "~*"))

((simple_directive
  name: (word) @keyword
  .
  argument: (word) @string.regex)
  (#eq? @keyword "rewrite"))

";" @punctuation.delimiter
["{" "}"] @punctuation.bracket
