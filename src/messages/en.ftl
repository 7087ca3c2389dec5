# What people read, in English. Ids are grouped by who says them; `ja.ftl` has the same ids with the same arguments.

## Words

days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

## settings-problem

settings-problem-bad-day = `{ $day }` is no day: write `until=YYYY-MM-DD`. Until then what this comment keeps is kept
