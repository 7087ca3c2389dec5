# What people read, in English. Ids are grouped by who says them; `ja.ftl` has the same ids with the same arguments.

## Words

days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

## settings-problem

settings-problem-bad-day = `{ $day }` is no day: write `until=YYYY-MM-DD`. Until then what this comment keeps is kept

## unused-location

unused-location-nobody = nobody uses `{ $location }`: no request in { $window }, and nothing refers to it
unused-location-hangs = nobody uses `{ $location }`: no request in { $window }, and what refers to it is not used either
unused-location-internal = `{ $location }` hangs on what nobody uses: only blocks without a request in { $window } lead to it
unused-location-guard = no request came to `{ $location }` in { $window }, but it is a guard: check before you take it out
unused-location-not-found = every request to `{ $location }` was answered 404 in { $window }: check whether anybody needs it
unused-location-machines = only scanners, bots or health checks asked for `{ $location }` in { $window }: check whether anybody needs it
unused-location-called = no request came to `{ $location }` in { $window }, though something refers to it: check whether it is still wanted
unused-location-so-far = no request came to `{ $location }` in { $window }, which is less than was asked for: check with a longer log
unused-location-part = `{ $location }` hangs on it and is not used either
unused-location-files = goes with it, as nothing else needs it: { $files }
unused-location-upstreams = nothing else passes requests to: { $upstreams }
unused-location-what-logs-miss = a log can't show what happens less often than it is long (a yearly job, a partner's export): if you know of one, keep it
unused-location-more = { $count ->
    [one] one place more refers to it
   *[other] { $count } places more refer to it
}
unused-location-twin = `{ $location }` looks like it and is in use
unused-location-comment-out = Comment out `{ $location }`
unused-location-comment-out-all = Comment out all { $count } blocks that hang together
unused-location-keep = Keep it: say above it that it is used
unused-location-keep-reason = say why

## unused-upstream-server

unused-upstream-server-none = `{ $server }` answered none of the { $total } requests that upstream { $upstream } got in { $window }
unused-upstream-server-other = this one answered { $count }
unused-upstream-server-check = to check: is it up, and can nginx reach it? After max_fails failures in a row a server is left out for fail_timeout (10 s), and that repeats as long as it fails

## silent-server

silent-server-none = no request came to { $server } in { $window }, while its neighbours got { $others }
silent-server-check = to check: does its log go somewhere else than those that were read? Nothing is said of its locations until that is known

## expired-keep

expired-keep-passed = what this comment keeps was to be kept until { $day }: that day has passed
expired-keep-reason = the reason was: { $reason }
expired-keep-do = take the comment out, or give it a later day; until then it keeps nothing

## Editors: beside a location

lens-hits = { $count ->
    [one] 1 hit
   *[other] { $shown } hits
} in { $days ->
    [one] 1 day
   *[other] { $days } days
}, last { $ago }
lens-hits-undated = { $count ->
    [one] 1 hit
   *[other] { $shown } hits
} in { $days ->
    [one] 1 day
   *[other] { $days } days
}
lens-no-hits = no hits in { $days ->
    [one] 1 day
   *[other] { $days } days
}
lens-not-logged = not logged
lens-called = called by { $caller }
lens-called-more = called by { $caller } and { $more } more
lens-short = { $count ->
    [one] 1 hit
   *[other] { $shown } hits
}
lens-short-none = no hits
lens-short-called = { $count ->
    [one] 1 caller
   *[other] { $count } callers
}
