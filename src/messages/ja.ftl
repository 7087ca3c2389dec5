# What people read, in Japanese. The field's own words stay as they are: location, upstream, server, proxy_pass.

## Words

days = { $count }日間

## settings-problem

settings-problem-bad-day = 「{ $day }」は日付ではありません。`until=YYYY-MM-DD` の形で書いてください。それまでは、このコメントの対象は「残す」扱いのままです
