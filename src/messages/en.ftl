# What people read, in English. Ids are grouped by who says them; `ja.ftl` has the same ids with the same arguments.

## Words

days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
