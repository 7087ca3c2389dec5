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
unused-location-machines = `{ $location }` へのリクエストは、{ $window }ではスキャナーかボットだけでした。必要かどうか確認してください
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

## Editors: hover

hover-more-reasons = ほか { $count } 件

## Usage: reasons

usage-in-use = 使用中
usage-probably-unused = おそらく未使用
usage-to-check = 要確認
usage-cannot-tell = 判定不能
usage-window-unknown = ログ
usage-window-days = { $days }日間のログ（{ $from }〜{ $to }）
usage-window-hours = { $hours }時間分のログ（{ $from }）
usage-just-now = たった今
usage-minutes-ago = { $count }分前
usage-hours-ago = { $count }時間前
usage-days-ago = { $count }日前
usage-list-two = { $first }、{ $last }
usage-list-separator = "、"
usage-list-many = { $rest }、{ $last }
usage-caller-health-check = ヘルスチェック
usage-caller-probe = プローブ
usage-caller-scrape = スクレイプ設定
usage-caller-command = 自動実行されるコマンド
usage-caller-fetch = ページのスクリプト
usage-caller-form = フォーム
usage-caller-link = リンク
usage-caller-resource = ページからの読み込み
usage-caller-lua = Lua
usage-caller-code = プログラム
usage-caller-script = シェルスクリプト
usage-caller-test = テスト
usage-caller-collection = リクエスト集（.http、Postman など）
usage-caller-openapi = OpenAPI ファイル
usage-caller-documentation = ドキュメント
usage-kept = コメントで「残す」指定があります: { $reason }
usage-kept-until = コメントで { $until } まで「残す」指定があります: { $reason }
usage-kept-expired = コメントの「残す」指定は { $until } で期限切れです: { $reason }
usage-hits = { $window }に { $shown } 件のリクエストがあります
usage-not-found = { $window }の { $shown } 件のリクエストはすべて 404 でした
usage-machines = { $window }の { $shown } 件のリクエストはすべてスキャナーかボットでした
usage-perhaps = { $window }の { $shown } 件のリクエストがここに来た可能性があります（ログにない情報によります）
usage-passed = { $window }に、ほかの location へのリクエスト { $shown } 件がここを経由しています
usage-relayed = { $window }に、同じ nginx のほかの server から { $shown } 件のリクエストが渡されています
usage-no-hits = { $window }にリクエストがありません
usage-no-hits-so-far = { $window }にリクエストがありません（指定より短い期間です）
usage-not-logged = リクエストがログに記録されません
usage-partly-logged = 一部のリクエストしかログに記録されません
usage-blind = ログの書式に { $missing } がないため、判定できません
usage-no-logs = ログが読み込まれていません
usage-other-logs = 読み込んだログは、この location の出力先とは別のものです
usage-called = { $kind }（{ $at }）から呼び出されています{ $strength ->
    [follows] { $live ->
        [yes] 。呼び出し元は使用中です
        [no] 。ただし呼び出し元も使われていません
       *[unknown] {""}
    }
   *[other] {""}
}
usage-referred = { $kind }（{ $at }）の遷移先です
usage-referred-from = { $from } の { $kind } の遷移先です{ $live ->
    [yes] 。遷移元は使用中です
    [no] 。ただし遷移元も使われていません
   *[unknown] {""}
}
usage-passed-on = { $from } からリクエストが渡されます{ $live ->
    [no] 。ただし渡す側も使われていません
   *[other] {""}
}
usage-no-caller = ワークスペースにも設定にも、参照しているものがありません
usage-denies = 拒否するだけの location です。アクセスがないのは想定どおりです
usage-guard = アクセスを制限する役割があります。外すと次のように変わります: { $phrase }
usage-convention = ブラウザー、クローラー、認証局などが慣例的にアクセスするパスです
usage-fallback = server 内のほかの location が受けないリクエストをすべて受けます
usage-inside = 内側の { $inner } が使用中です
usage-computed = 実行時に決まる遷移先（{ $at }）がここになる可能性があります
usage-dead = どのリクエストも到達できないことが証明されています
usage-silent-server = この server 全体へのリクエストがログにありません。別の場所に出力されていませんか
usage-broken = 応答に必要なファイルがありません

## Access logs: `usage`

logs-source = { $path }: { $lines } 行、リクエスト { $requests } 件、フォーマット { $formats }
logs-window = 対象のリクエスト: { $from } から { $to } まで
logs-requests = リクエスト { $shown } 件
logs-column-line = 行
logs-column-location = location
logs-column-hits = 件数
logs-column-2xx = 2xx
logs-column-3xx = 3xx
logs-column-4xx = 4xx
logs-column-5xx = 5xx
logs-column-404 = 404
logs-column-clients = クライアント
logs-column-machines = 機械
logs-column-first = 最初
logs-column-last = 最後
logs-column-verdict = 判定と、ログからは分からないこと
logs-off = 記録なし: { $line } 行目の access_log off
logs-conditional = { $line } 行目の条件を満たすときだけ記録
logs-internal = 内部リクエスト専用
logs-blind = ログのフォーマットに { $missing } がない
logs-not-read = 書き込み先のログは読まれていない
logs-passed = { $count } 件が通過
logs-relayed = { $count } 件が別の server から転送
logs-perhaps = { $count } 件がここに来た可能性あり
logs-unplaced = どの server のものか特定できないリクエストが { $shown } 件あります
logs-short = 指定期間 { $asked } のうち、ログがあるのは { $covered } だけです。リクエストがなかったことの意味は弱くなります
logs-format = ログのフォーマット（{ $at }）に { $missing } がありません。次の行にすると server を区別できます: { $better }
logs-unreadable = { $at } のフォーマットで書かれた行は読み戻せません: { $why }
logs-no-zone = タイムゾーンのない時刻は UTC とみなしました
logs-cut = 異なるリクエストが多すぎるため、途中から rewrite などを追わずに location を選びました

## Callers

callers-too-large = ファイルが大きすぎます（{ $size } KiB。この種類のファイルで読むのは { $limit } KiB まで）
callers-made = プログラムが生成したコードです（圧縮・バンドル・自動生成）
callers-unreadable = 読み取れません: { $why }
callers-too-many = フォルダーのファイル数が { $limit } を超えています。残りは調べていません
