; Between the braces one step deeper; the closing brace stands where the block starts.

[
  (block)
  (lua_block)
] @indent

"}" @outdent
