# What people read, in Japanese. The field's own words stay as they are: location, upstream, server, proxy_pass.

## Words

days = { $count }日間

## settings-problem

settings-problem-bad-day = 「{ $day }」は日付ではありません。`until=YYYY-MM-DD` の形で書いてください。それまでは、このコメントの対象は「残す」扱いのままです

## unused-location

unused-location-nobody = `{ $location }` は使われていないようです。{ $window }にリクエストがなく、参照しているものもありません
unused-location-hangs = `{ $location }` は使われていないようです。{ $window }にリクエストがなく、参照元も使われていません
unused-location-internal = `{ $location }` への経路は、{ $window }にリクエストのなかったブロックだけです。それらと一緒に不要になります
unused-location-guard = `{ $location }` には{ $window }にリクエストがありませんが、アクセスを制限する役割があります。外す前に確認してください
unused-location-not-found = `{ $location }` へのリクエストは、{ $window }ではすべて 404 でした。必要かどうか確認してください
unused-location-machines = `{ $location }` へのリクエストは、{ $window }ではスキャナー、ボット、ヘルスチェックだけでした。必要かどうか確認してください
unused-location-called = `{ $location }` には{ $window }にリクエストがありませんが、参照しているものがあります。まだ必要かどうか確認してください
unused-location-so-far = `{ $location }` には{ $window }にリクエストがありません。ただしログの期間が指定より短いため、より長いログで確認してください
unused-location-part = `{ $location }` はこれに依存しており、同じく使われていません
unused-location-files = ほかに必要とするものがないため、一緒に不要になるファイル: { $files }
unused-location-upstreams = ほかにリクエストを渡すものがない upstream: { $upstreams }
unused-location-what-logs-miss = ログの期間より間隔の長い利用（年次処理や取引先への出力など）はログに現れません。心当たりがあれば残してください
unused-location-more = ほかに { $count } か所から参照されています
unused-location-twin = `{ $location }` がよく似ており、こちらは使われています
unused-location-comment-out = `{ $location }` をコメントアウトする
unused-location-comment-out-all = 関連する { $count } 個のブロックをまとめてコメントアウトする
unused-location-keep = 残す（使用中であることをコメントに書く）
unused-location-keep-reason = 理由を書く

## unused-upstream-server

unused-upstream-server-none = `{ $server }` は、upstream { $upstream } が{ $window }に受けた { $total } 件のリクエストに一度も応答していません
unused-upstream-server-other = こちらは { $count } 件に応答しています
unused-upstream-server-check = 要確認: このサーバーは稼働していて、nginx から到達できますか。max_fails 回続けて失敗すると fail_timeout（10 秒）の間除外され、失敗が続く限りそれが繰り返されます

## silent-server

silent-server-none = { $server } には{ $window }にリクエストがありません。ほかの server には { $others } 件ありました
silent-server-check = 要確認: この server のログは、読み込んだものとは別の場所に出力されていませんか。それが分かるまで、この中の location については判定しません

## expired-keep

expired-keep-passed = このコメントの期限は { $day } でしたが、すでに過ぎています
expired-keep-reason = 理由: { $reason }
expired-keep-do = コメントを外すか、期限を延ばしてください。このままでは「残す」指定は無効です

## Editors: beside a location

lens-hits = { $days }日間で { $shown } 件のアクセス、最終 { $ago }
lens-hits-undated = { $days }日間で { $shown } 件のアクセス
lens-no-hits = { $days }日間アクセスなし
lens-not-logged = ログ対象外
lens-called = 呼び出し元: { $caller }
lens-called-more = 呼び出し元: { $caller } ほか { $more } 件
lens-short = { $shown } 件
lens-short-none = アクセスなし
lens-short-called = 呼び出し元 { $count } 件
