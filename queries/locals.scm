; A block is a scope for nothing that has a name: variables, upstreams and zones are global. They are defined here.

(source_file) @local.scope

(simple_directive
  name: (word) @_set
  .
  argument: (word) @local.definition.var
  (#eq? @_set "set"))

(block_directive
  name: (word) @_map
  .
  argument: (word)
  .
  argument: (word) @local.definition.var
  (#any-of? @_map "map" "split_clients" "geo"))

(block_directive
  name: (word) @_geo
  .
  argument: (word) @local.definition.var
  .
  body: (block)
  (#eq? @_geo "geo"))

(block_directive
  name: (word) @_upstream
  .
  argument: (word) @local.definition.namespace
  (#eq? @_upstream "upstream"))

((word) @local.reference
  (#match? @local.reference "^\\$[A-Za-z0-9_]+$"))
