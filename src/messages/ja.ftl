# What people read, in Japanese. The field's own words stay as they are: location, upstream, server, proxy_pass.

## Words

days = { $count }日間
verbatim = { $text }
list-comma = { $head }、{ $next }
list-and = { $head }と{ $last }
list-or = { $head }または{ $last }
list-clauses = { $head }。{ $last }
list-more = { $head }ほか{ $count }件
list-clause = { $head }。{ $next }
server-including = このファイルをincludeするserver
line = { $line }行目
line-of = `{ $file }`の{ $line }行目
comment-out = { $what }をコメントアウト
looks-like = `{ $name }`の間違いではありませんか？
did-you-mean = `{ $name }`の間違いではありませんか？
the-first = 最初のもの
workspace-folder = ワークスペースのフォルダー
write = { $what }と書く
answers-instead = 代わりに応答します
remains-redirect = 残る役割：`{ $short }`そのものへのリクエストには`{ $path }`へのリダイレクト（301）が返ります
reference-module = モジュール
reference-redirect = リダイレクト
reference-code = コード
list-and-more = { $head }、{ $last }
server-named = `{ $name }`

## Project: settings

settings-upstream-section = ここにはセクションが必要です：`routes = ["/ping"]`
settings-is-section = `{ $name }`はセクションです。`[{ $name }]`と書いてください
settings-marker = マーカーは`#`で始まり、1行に収まり、通常のコメントと区別できる必要があります
settings-unknown-near = `{ $name }`という設定はありません。`{ $near }`の間違いではありませんか？
settings-unknown = ここに`{ $name }`という設定はありません。使えるのは{ $known }です
settings-value = `{ $key }`：{ $problem }
settings-not-object = `{ $name }`はオブジェクトでなければなりません
settings-none-such = そのような設定はありません
settings-unread = この設定は読み込まれませんでした：{ $problem }
settings-language = `language`には`"en"`か`"ja"`を指定します
settings-window = `{ $window }`は期間（`7d`、`36h`）でも日付（`2025-11-03`）でも`all`でもありません。ログのすべてのリクエストを数えます
settings-path-relative = `{ $path }`はサーバー上のパスではありません。サーバー上のパスは`/`で始まり、それ以外はここで参照されません
settings-path-missing = ワークスペースに`{ $local }`がありません。サーバー上の{ $path }以下については何も分かりません
settings-upstream-unknown = `{ $name }`にリクエストを渡す設定がありません。このセクションの内容には効果がありません
settings-upstream-near = `{ $name }`にリクエストを渡す設定がありません。このセクションの内容には効果がありません。`{ $near }`のことですか？

## Project: what is where

compose-unread = このcomposeファイルを読み込めませんでした：{ $problem }
compose-no-yaml = このcomposeファイルはYAMLとして読めません（{ $problem }）。何がマウントされるかは不明です
yaml-too-deep = 値のネストが{ $most }段を超えています
includes-too-many = includeによるファイルの読み込みが{ $most }回に達したため、残りは確認していません
includes-too-much = includeで読み込まれる量が、メモリーに収まる{ $most }バイトを超えるため、残りは確認していません
folder-too-large = ファイルが{ $most }個を超えるため、残りは確認していません
read-missing = ファイルがありません
read-not-a-file-folder = 通常のファイルではなくフォルダーです
read-not-a-file-special = 通常のファイルではなく、パイプ、ソケットまたはデバイスです
read-too-large = 大きすぎます（{ $size }バイト）。{ $limit }バイトを超えるファイルは読み込みません
read-too-much = { $size } バイトあり、これを読むと、ここにある設定の合計が、メモリーに収まる { $limit } バイトを超えます
read-binary = バイナリファイルです（NULバイトを含みます）
read-link-loop = シンボリックリンクが循環しています
read-io = 読み込めません：{ $error }
read-outside = 信頼されていないフォルダーの外にあります
read-not-utf8 = UTF-8ではありません。デコードできなかった部分はU+FFFDとして表示します
paths-own-folder = `{ $folder }`はこのマシン上のnginx自身のフォルダーです
paths-settings = `{ $file }`の`[paths]`により、`{ $target }`は`{ $local }`に対応します
paths-service-writes = サービス`{ $service }`がそこに書き込めます
paths-mounted = `{ $written }`は`{ $target }`にマウントされています
paths-config-map = `{ $name }`は、`{ $target }`にマウントされるConfigMapに入ります
paths-copied = `{ $written }`は`{ $target }`にコピーされます
paths-what-is-at = `{ $target }`にあるのはこれです

## Upstreams

upstreams-stated = 設定の`[upstreams.{ $name }]`にルートの一覧があります
upstreams-asked = { $path }は{ $day }に{ $of }へ問い合わせた結果です
upstreams-forwards-nothing = { $product }は何も転送しません：`{ $written }`
upstreams-option = `{ $written }`：{ $says }
upstreams-at = `{ $setting }`は`{ $value }`です
upstreams-below = `{ $prefix }`以下を提供します
upstreams-no-key = `{ $key }`がない
upstreams-provided = `{ $key }`がほかの場所（イメージ内や起動時）で設定されていない
upstreams-open-more = { $product }は一覧にあるもの以外のルートも返す
upstreams-open-port = { $product }がポート{ $port }で何を返すかは分からない
upstreams-open-version = このバージョンの{ $product }のルートは分からない
upstreams-open-entrypoint = { $service }は独自のエントリーポイントを持つ
upstreams-open-command = { $service }のコマンドが何を起動するかは分からない
upstreams-open-decides = `{ $written }`が{ $service }の返すものを決めるが、解釈できない
upstreams-open-passes-on = { $service }はリクエストを転送する：`{ $written }`
upstreams-open-adds = `{ $written }`は{ $service }の返すものを増やす
upstreams-open-every-path = `{ $written }`は{ $service }のすべてのパスに応答しうる
upstreams-open-two = { $service }には{ $written }により異なる二つの指定がある
upstreams-open-depends = { $service }のコマンドは`{ $written }`に依存する
upstreams-open-environment = { $service }の環境変数ファイルがここにない
upstreams-open-file = { $service }の設定ファイルが分からない：`{ $written }`
upstreams-open-unread = { $path }が{ $service }の返すものを決めるが、{ $why }
upstreams-unread-not-mounted = ワークスペースからマウントされていない
upstreams-unread-unreadable = 読めない
upstreams-unread-format = 解釈できない
upstreams-unread-elsewhere = ワークスペースにない
upstreams-open-image = { $service }のイメージは変数による
upstreams-open-routes = { $service }のルートは分からない
upstreams-open-list = [upstreams.{ $name }]のルート一覧が完全だとは示されていない
upstreams-unknown-block = upstreamブロックの中身が分からない
upstreams-unknown-server = { $server }が何かは分からない
upstreams-unknown-network = { $host }はこの設定を動かすコンテナと共通のネットワークにない
upstreams-unknown-port = ここにはポート{ $port }で待ち受けるものがない
upstreams-unknown-host = ワークスペースに{ $host }というサービスはない
upstreams-unknown-several = ワークスペースに{ $host }というサービスが複数ある
upstreams-unknown-cluster = この設定の名前空間に{ $host }というServiceはない
upstreams-unknown-service-port = Service { $service }にポート{ $port }はない
upstreams-unknown-workload = Service { $service }がどのPodを選ぶか分からない。そのラベルを持つワークロードがマニフェストにちょうど1つではない
upstreams-unknown-container = Service { $service }のポート{ $port }に応答するのがPodのどのコンテナかは分からない
upstreams-unknown-gate = この設定を動かすPodでは{ $host }が別のものを指しうる
upstreams-unknown-templated = { $service }のマニフェストは別の場所で値が埋められる
upstreams-unknown-kustomized = kustomizationが{ $service }のマニフェストを変更する
upstreams-unknown-external = Service { $service }は外部のホストの別名（ExternalName）
upstreams-unknown-headless = Service { $service }はheadlessで、Podを直接指す
upstreams-unknown-unselecting = Service { $service }にはselectorがなく、その宛先が何かは分からない
upstreams-unknown-manifest = { $service }のマニフェストは解釈できない
upstreams-open-outside = { $service }のソースはワークスペースにない
upstreams-open-started = { $service }がどのプログラムを起動するかは分からない
upstreams-open-mounted = { $target }にマウントされるものが{ $service }の返すものを変えうる
upstreams-open-reading = { $service }のソースを読み込んでいる
upstreams-open-none = { $folder }にルートは見つからなかった
upstreams-open-cut = ソースファイルが{ $most }個を超える
upstreams-open-left-out = { $path }は読めないか、大きすぎる
upstreams-doubt-computed = 追跡できない方法でルートが登録される（{ $at }）
upstreams-doubt-extension = 拡張機能が独自のルートを加える（{ $at }）
upstreams-doubt-library = 未知のライブラリがルートを追加したり、自ら待ち受けたりしうる（{ $at }）
upstreams-doubt-middleware = ミドルウェアがどのリクエストにも応答しうる（{ $at }）
upstreams-doubt-proxy = リクエストは別のサーバーへ渡される（{ $at }）
upstreams-doubt-fallback = どのルートにも当たらないものにアプリケーション自身が応答する（{ $at }）
upstreams-doubt-prefix = ルートの接頭辞が分からない（{ $at }）
upstreams-doubt-mounted = 何がマウントされるか分からない（{ $at }）
upstreams-doubt-receiver = ルートが何に登録されるか分からない（{ $at }）
upstreams-doubt-path = ルートのパスが分からない（{ $at }）
upstreams-doubt-option = フレームワークのオプションを解釈できない（{ $at }）
upstreams-doubt-unparsed = ファイルを解析できない（{ $at }）
upstreams-open-unlisted = { $path }がないか、読めるルートを含まない
upstreams-open-tried = { $path }は一部のURIへの応答だけで、ほかのルートがあるかもしれない
upstreams-any-uri = { $regex }に一致する任意のURI

## What takes over (`takeover`)

takeover-location-all = これがない場合、そのURIは`{ $location }`（{ $at }）が受け取ります
takeover-location-some = これがない場合、そのURIの一部は`{ $location }`（{ $at }）が受け取ります
takeover-server-all = これがない場合、そのURIを受け取るlocationはなく、server自体の設定だけが適用されます
takeover-server-some = これがない場合、そのURIの一部を受け取るlocationはなく、server自体の設定だけが適用されます
takeover-same = { $takes }。処理はまったく同じです
takeover-differs = { $takes }。{ $differences }
takeover-differs-kept = { $takes }。`{ $handler }`は`{ $value }`のままですが、{ $differences }
takeover-more = { $sentence }。ほかに{ $count }個のlocationが一部のURIを受け取ります
takeover-captures = 正規表現locationのキャプチャー（`$1`など）が変わります
takeover-settings = ほかに{ $count }個の設定が異なります
takeover-unguarded = このブロックを守る設定は、これらのURIには適用されていません。`{ $location }`では、{ $differences }
takeover-unguarded-server = このブロックを守る設定は、これらのURIには適用されていません。server自体の設定では、{ $differences }
takeover-other-files = `{ $directive }`が置き換えるlocation名が変わるため、別のファイルを指します
takeover-other-uri = `{ $directive }`のURI部分が置き換えるlocation名が変わるため、別のURIを送ります
takeover-other-redirect = `{ $directive }`は別のlocation名で`Location`ヘッダーを書き換えます
takeover-changed = `{ $directive }`は`{ $here }`ではなく`{ $there }`になります
takeover-unknown = { $list }による違いは判断できません
takeover-lost = { $list }はそちらでは適用されません
takeover-gained = そちらでは{ $list }も適用されます
takeover-instead = { $here }の代わりに{ $there }が適用されます

## Rule: dead-location

dead-location-summary = リクエストが届かないlocation
dead-location-exact = 完全一致の{ $location }
dead-location-regex = 正規表現の{ $location }
dead-location-prefix = 前方一致の{ $location }
dead-location-others = ほか{ $count }個のlocation
dead-location-other = ほかのlocation
dead-location-says = { $this }に届くリクエストはありません。{ $why }
dead-location-there-already = 同じものがすでにあります
dead-location-has-name = { $location }が同じ名前をすでに使っています
dead-location-duplicate = { $this }が重複しています。{ $clash }。このためnginxは起動しません
dead-location-duplicate-fragment = { $this }が重複しています。{ $clash }。このファイルをincludeするserverではnginxが起動しません
dead-location-same-name = このserverには同じ名前のlocationがすでにあり、nginxは最初のものを使います
dead-location-same-regex = 前のlocationに同じ正規表現があり、最初に一致したものが選ばれます
dead-location-below-regex = 正規表現location（{ $regex }）の中にある完全一致・前方一致のlocationは参照されません
dead-location-outside = その正規表現は、{ $parent }に入るどのURIにも一致しません
dead-location-never = その正規表現はどのURIにも一致しません
dead-location-answered = { $server }の`{ $by }`が、すべてのリクエストに先に応答します
dead-location-sent = { $server }の`{ $by }`が、すべてのリクエストを先に{ $takers }へ送ります
dead-location-answered-but = `rewrite`が{ $takers }へ送るものを除き、{ $server }の`{ $by }`がすべてのリクエストに先に応答します
dead-location-unasked = `internal`ですが、{ $server }の中にここへリクエストを送るものはありません。クライアントには404が返ります
dead-location-taken-exact = URI `{ $path }`は{ $takers }が受け取ります
dead-location-taken-under = `{ $path }`以下のURIはすべて{ $takers }が受け取ります
dead-location-taken-begins = `{ $path }`で始まるURIはすべて{ $takers }が受け取ります
dead-location-taken-regex = これに一致するURIはすべて{ $takers }が受け取ります
dead-location-runs-before = locationの検索より前に実行されます（内部リダイレクトの後も同じです）
dead-location-no-location = どのlocationでもないもの
dead-location-remains = 残る役割：`{ $short }`そのものへのリクエストには`{ $path }`へのリダイレクト（301）が返ります。このブロックがなければ、`{ $short }`は{ $then }に渡ります
dead-location-decides = それでも選択には影響しています。これがなければ、{ $other }が今は受け取っていないリクエストを受け取ります
dead-location-differs = { $taker }との違い：{ $difference }
dead-location-defines = { $variable }を定義しているのはここだけです。ほかで使われている場合、このブロックがないとnginxは起動しません
dead-location-first-gets = 最初のもの：リクエストはここに届きます
dead-location-around = これを囲む正規表現location：内側では正規表現だけが試されます
dead-location-only-through = 到達不能なlocationへは、ここを通らなければ届きません
dead-location-sent-here = リクエストはここへ送られます
dead-location-exact-wins = 完全一致が優先されます
dead-location-tried-first = この正規表現が先に試されます
dead-location-regex-wins = 一致する正規表現は前方一致より優先されます
dead-location-no-regex = `^~`：これが最長の前方一致である場合、正規表現は試されません
dead-location-longest = 最長の前方一致が優先されます
dead-location-moves = 行き先の書かれた内部リダイレクト（{ $count }件）は、いずれも別の場所に向かいます
dead-location-no-moves = このserverには、行き先を持つ内部リダイレクト（rewrite、try_files、error_pageなど）がありません
dead-location-so-does-index = { $moves }。`index`も同様です
dead-location-every-uri = クライアントが送れるすべてのURIについて成り立ちます。{ $moves }
dead-location-more-doors = 示したもののほかに、このようなURIが来うる箇所が{ $count }件あります
dead-location-door-accel = ここで応答するものは、X-Accel-Redirectヘッダーで任意のURIを指定できます。このヘッダーを無視すれば（`proxy_ignore_headers X-Accel-Redirect;`。ほかの`*_pass`では`fastcgi_ignore_headers`など）確定します
dead-location-door-include = このincludeの中身が不明なため、リクエストを移す可能性があります
dead-location-door-around = このファイルを囲む設定がここにないため、リクエストを移す可能性があります
dead-location-door-ssi = SSIを含むページは、任意のURIを要求できます
dead-location-door-code = このコードは追跡できないため、リクエストを任意のURIへ移す可能性があります
dead-location-door-module = `{ $what }`は未知のモジュールのものなので、リクエストを移す可能性があります
dead-location-door-other = `{ $what }`は、リクエストを任意のURIへ移す可能性があります
dead-location-no-slash-regex = クライアントのURIは必ず`/`で始まりますが、この名前はそうではありません（`~`を付けた正規表現のつもりではありませんか？）
dead-location-no-slash = クライアントのURIは必ず`/`で始まりますが、この名前はそうではありません
dead-location-slashes = nginxはlocationを探す前にURIの連続するスラッシュを1つにまとめますが、この名前には`//`があります
dead-location-dots = nginxはlocationを探す前にURIの`.`と`..`を解決しますが、この名前には`{ $part }`があります
dead-location-no-name = クライアントのURIがこの名前になることはありません
dead-location-no-uri-slashes = クライアントのURIにはスキームもホストも`//`もないため、この正規表現に一致しません
dead-location-no-uri = クライアントのURIは`/`で始まり、`.`や`..`のセグメントを含まないため、この正規表現に一致しません
dead-location-encoded = { $this }に届くのは`{ $target }`のようなリクエストだけです。{ $why }
dead-location-encoded-query = nginxが比較するURIにクエリは含まれないため、この`?`は%3Fとして送られたものです
dead-location-encoded-fragment = nginxが比較するURIに`#`以降は含まれないため、この`#`は%23として送られたものです
dead-location-encoded-percent = nginxはデコード後のURIを比較するため、この`%`は%25として送られたものです

## Rule: missing-file

missing-file-summary = 必要なのに存在しないファイル
missing-file-says = `{ $file }`が存在しません。{ $effect }
missing-file-would-be = { $evidence }。したがってファイルは`{ $file }`になります
missing-file-folder = { $evidence }。{ $contents }
missing-file-image = イメージに含まれている場合は当てはまりません（{ $images }）
missing-file-tls = nginxがこれを読むのはTLSを使う場合だけです
missing-file-empty = { $folder }は空です
missing-file-has-more = { $folder }にあるもの：{ $names }、…（全{ $count }件）
missing-file-has = { $folder }にあるもの：{ $names }
missing-file-require = `require "{ $path }"`がエラーになります
missing-file-no-start = nginxは起動しません
missing-file-no-start-tls = TLSを使う場合、nginxは起動しません
missing-file-try-files = `try_files`は{ $status }で終わります
missing-file-status = { $subject }は{ $status }を返します
missing-file-status-request = リクエストには{ $status }が返ります
missing-file-fails = `{ $what }`が失敗します
missing-file-worker = `{ $what }`はすべてのワーカーで失敗し、ワーカーはそのまま動き続けます
missing-file-plain-page = エラー時にはnginx組み込みのページが表示されます

## Rule: upstream-port-mismatch

upstream-port-mismatch-published = { $service }はポート{ $port }で待ち受けていません。これはcomposeがコンテナのポート{ $inside }をホスト側に公開している番号で、コンテナ同士は{ $inside }で接続します
upstream-port-mismatch-elsewhere = { $service }はポート{ $port }で待ち受けていません。{ $program }が待ち受けるのは{ $own }です
upstream-port-mismatch-loopback = { $service }は他のコンテナからの接続を受け付けません。{ $program }がループバックアドレスだけで待ち受けています
upstream-port-mismatch-mapping = ホストのポート{ $port }は、コンテナのポート{ $inside }につながります
upstream-port-mismatch-stated = ここで{ $program }は{ $own }で待ち受けるよう指定されています
upstream-port-mismatch-default = ここで{ $program }はポートの指定なしに起動され、その場合は{ $own }で待ち受けます
upstream-port-mismatch-written = `{ $written }`：同じコンテナで動くものしか接続できません
upstream-port-mismatch-no-host = ここで{ $program }はアドレスの指定なしに起動され、その場合は127.0.0.1で待ち受けます。同じコンテナで動くものしか接続できません
upstream-port-mismatch-service = Service { $service }のポートは{ $ports }で、{ $port }はありません
upstream-port-mismatch-target = ポート{ $number }がPodのポート{ $port }につながります。Serviceの名前ではServiceのポートを使います
upstream-port-mismatch-service-here = このServiceのポートはここにあります
upstream-port-mismatch-summary = バックエンドのコンテナで何も待ち受けていないポート

## Rule: upstream-scheme-mismatch

upstream-scheme-mismatch-own-http = { $to }はTLSで通信するため、nginxは400を返します（the plain HTTP request was sent to HTTPS port）
upstream-scheme-mismatch-to-tls = { $to }はTLSで通信しますが、`{ $scheme }://`は平文を送るため、リクエストが失敗します
upstream-scheme-mismatch-to-plain = { $to }はTLSで通信しませんが、`{ $scheme }://`はTLSを使うため、ハンドシェイクに失敗して502になります
upstream-scheme-mismatch-own-tls = `ssl`付きで待ち受けています
upstream-scheme-mismatch-own-plain = `ssl`なしで待ち受けています
upstream-scheme-mismatch-declared = Serviceに`appProtocol: { $protocol }`とあります
upstream-scheme-mismatch-probe-plain = クラスターはポート{ $port }をTLSなしで監視しています
upstream-scheme-mismatch-probe-tls = クラスターはポート{ $port }をTLSで監視しています
upstream-scheme-mismatch-product = { $product }はポート{ $port }でTLSを使います
upstream-scheme-mismatch-program-tls = { $program }は証明書を指定して起動されます
upstream-scheme-mismatch-program-plain = { $program }は証明書の指定なしに起動されます
upstream-scheme-mismatch-summary = TLSのポートへの平文の送信、または平文のポートへのTLSの送信

## Rule: uri-stripped

uri-stripped-cut = `{ $prefix }`が途中で取り除かれて`{ $what }`が要求されますが、{ $name }のルートは`{ $prefix }`で始まります（`{ $route }`）
uri-stripped-kept = `{ $prefix }`が付いたまま`{ $what }`が要求されますが、{ $name }のルートは`{ $prefix }`で始まりません（`{ $route }`）
uri-stripped-kept-part = `{ $prefix }`が付いたまま`{ $what }`が要求されますが、{ $name }のルートが始まるのは`{ $right }`からです（`{ $route }`）
uri-stripped-summary = バックエンドのルートにあるのに取り除かれるプレフィックス、またはルートにないのに残るプレフィックス

## Rule: upstream-lacks-route

unreachable-backend-route-summary = どのlocationからも渡されないバックエンドのルート
unreachable-backend-route-says = { $backend }の{ $count }個のルートがどのlocationからも渡されていません：{ $routes }
unreachable-backend-route-more = ほか{ $count }個
unreachable-backend-route-here = { $route }はここで定義される
unreachable-backend-route-meant = ほかのサービスだけが使うものなら正しい。クライアントが使うものなら、locationが足りない
unreachable-backend-route-fix = location { $names }を追加する
upstream-lacks-part-summary = URIの一部をバックエンドが提供していないプロキシのlocation
upstream-lacks-part-says = `{ $uris }`のすべてが提供されているわけではありません。{ $backend }には{ $example }のルートがありません
upstream-lacks-part-served = { $route }は提供される
upstream-lacks-route-summary = 転送先のバックエンドが、そのURIをどれも提供していないlocation
upstream-lacks-route-at = { $server }の{ $uris }
upstream-lacks-route-no-route = `{ $uri }`というルートがありません
upstream-lacks-route-none-under = `{ $uri }`以下のルートがありません
upstream-lacks-route-none-begins = `{ $uri }`で始まるルートがありません
upstream-lacks-route-none-such = そのようなルートがありません
upstream-lacks-route-forwards = { $lacks }（転送も行いません：{ $why }）
upstream-lacks-route-says = `{ $what }`は提供されていません。{ $backend }には{ $lacks }
upstream-lacks-route-seems = `{ $what }`は提供されていないようです。{ $backend }には{ $lacks }
upstream-lacks-route-backend = { $name }（{ $image }）
upstream-lacks-route-nor = { $sentence }。upstreamの{ $count }個のserverのいずれにもありません
upstream-lacks-route-leads = このupstreamは`{ $address }`につながります
upstream-lacks-route-service = サービス`{ $service }`は`{ $image }`を実行します
upstream-lacks-route-hint-grows = 参考情報です。新しいバージョンではルートが追加されます。稼働中のバックエンドに`{ $uri }`をリクエストすれば確定します
upstream-lacks-route-hint-part = 参考情報です。ルートの一覧が完全でない可能性があります。稼働中のバックエンドに`{ $uri }`をリクエストすれば確定します
upstream-lacks-route-holds-list = この一覧が完全である限り成り立ちます。ほかにルートがある場合は、nginx-analyzer.tomlの`[upstreams.{ $key }]`に列挙してください
upstream-lacks-route-holds-image = サービスがこのイメージを変更せずに実行している限り成り立ちます。ほかにルートがある場合は、nginx-analyzer.tomlの`[upstreams.{ $key }]`に列挙してください
upstream-lacks-route-holds-provided = サービスがこのイメージを変更せずに実行し、{ $provided }限り成り立ちます。ほかにルートがある場合は、nginx-analyzer.tomlの`[upstreams.{ $key }]`に列挙してください
upstream-lacks-route-serves = { $name }が提供するルート：{ $routes }
upstream-lacks-route-serves-more = { $name }が提供するルート：{ $routes }ほか{ $count }件
upstream-lacks-route-source = サービス{ $name }（{ $folder }、{ $frameworks }）
upstream-lacks-route-counted = { $count }個のルートがありますが、{ $kind ->
        [uri] `{ $uri }`はありません
        [under] `{ $uri }`以下のものはありません
        [begins] `{ $uri }`で始まるものはありません
       *[other] そのようなものはありません
    }
upstream-lacks-route-near = { $sentence }。最も近いのは{ $route }（{ $place }）
upstream-lacks-route-nearest-is = 最も近いルート：{ $route }
upstream-lacks-route-built = サービス{ $service }は{ $folder }からビルドされる
upstream-lacks-route-holds-source = ルートがこのソースのとおりである限り成り立つ。ほかのルートがあれば、nginx-analyzer.tomlの[upstreams.{ $key }]に列挙する
upstream-lacks-route-nearest = { $serves }。最も近いのは`{ $route }`です

## Rule: unused-named-location

unused-named-location-summary = どこからも参照されない`location @name`
unused-named-location-says = `location { $name }`に至る経路がありません。{ $server }のerror_page、try_files、post_action、Luaコードのいずれからも参照されていません
unused-named-location-around = このファイルを囲む設定がここにないため、error_pageで参照されている可能性があります
unused-named-location-accel = ここで応答するものが、X-Accel-Redirectヘッダーで`{ $name }`を指定する可能性があります。指定しないのであれば、このヘッダーを無視すること（`proxy_ignore_headers X-Accel-Redirect;`。ほかの`*_pass`では`fastcgi_ignore_headers`など）で証明できます
unused-named-location-computed = この{ $kind }の行き先は実行時に決まるため、`{ $name }`になる可能性があります
unused-named-location-include = このincludeの中身が不明なため、`{ $name }`を参照している可能性があります
unused-named-location-any-accel = ここでX-Accel-Redirectを生成しているため、任意のlocationが指定される可能性があります
unused-named-location-more = 示したもののほかに、ここへ至る可能性のある箇所が{ $count }件あります
unused-named-location-fails = URIで選ばれるlocationではないため、代わりに受け取るlocationはありません。もし参照するものがあれば、これがないとリクエストは500で失敗します
unused-named-location-near = ここで`{ $asked }`が指定されていますが、その名前のlocationはありません。`{ $name }`の間違いではありませんか？

## Rule: unused-definition

unused-definition-summary = 未使用のupstream、変数、ログ形式、ゾーン
unused-definition-template = テンプレートで埋められるため、任意の名前が使われる可能性があります
unused-definition-computed = ここで名前が実行時に決まるため、`{ $name }`になる可能性があります
unused-definition-code = ここで追跡できないコードが実行されるため、`{ $name }`が参照される可能性があります
unused-definition-ssi = SSIを含むページが`{"$"}{ $name }`を参照する可能性があります
unused-definition-module = `{ $directive }`は別のモジュールのもので、`{"$"}{ $name }`を名前で参照する可能性があります
unused-definition-lua-away = このLuaコードがここにないため、`{ $name }`を使っている可能性があります
unused-definition-lua-computed = Luaが参照する名前を実行時に決めているため、`{ $name }`が含まれる可能性があります
unused-definition-lua-opaque = このLuaコードは追跡できないため、`{ $name }`を使っている可能性があります
unused-definition-lua-module = モジュール`{ $module }`がここにないため、`{ $name }`を使っている可能性があります
unused-definition-lua-module-computed = 名前が実行時に決まるモジュールがここにないため、`{ $name }`を使っている可能性があります
unused-definition-too = ここでも定義されています
unused-definition-more-places = ほかに{ $count }か所あります
unused-definition-twin = `{ $protocol }`にある同名のupstreamは別のものです
unused-definition-more = 示したもののほかに、これを使う可能性のある箇所が{ $count }件あります
unused-definition-group = `{"$"}{ $name }`（この正規表現の名前付きグループ）は使われていません
unused-definition-table = `{ $name }`は使われていないため、この`{ $directive }`は評価されません
unused-definition-variable = この`{ $directive }`が値を与える`{ $name }`は使われていません
unused-definition-upstream = `upstream { $name }`には何も転送されません
unused-definition-log-format = ログ形式`{ $name }`を使うaccess_logがありません
unused-definition-zone = ゾーン`{ $name }`を使う`{ $directive }`がありません
unused-definition-dictionary = 共有辞書`{ $name }`を使うLuaコードがありません

## Rule: orphan-file

orphan-file-summary = 使用中のファイルと同じ場所にあり、どこからも参照されないLua・HTMLファイル
orphan-file-lua = `{ $file }`は使われていません。どのディレクティブ、require、dofileからも参照されていません
orphan-file-html = `{ $file }`は使われていません。どのディレクティブからもページからも参照されず、これを含むフォルダーは公開されていません
orphan-file-beside = { $folder }/のほかのファイルは使われています。このワークスペースの外は確認していません

## Rule: redundant-location

redundant-location-summary = なくても何も変わらないlocation
redundant-location-itself = server自体
redundant-location-says = { $this }は何も変えていません。なくても、{ $takers }がそのリクエストを受け取ってまったく同じ処理をします
redundant-location-nothing = { $this }は何も変えていません
redundant-location-same = 同じ設定で、同じように応答します

## Rule: syntax-error

syntax-error-summary = nginxが読み込めない記述
syntax-error-more = このファイルにはほかにも{ $count }件ありますが省略します。nginxは最初の1件で止まります
syntax-error-stray-semicolon = この`;`は何も終わらせていません。前にディレクティブがありません
syntax-error-refuses-semicolon = nginxのエラー：unexpected ";"
syntax-error-remove-semicolon = この`;`を削除
syntax-error-stray-close = この`{"}"}`は何も閉じていません。開いているブロックより`{"}"}`が1つ多くなっています
syntax-error-refuses-close = nginxのエラー：unexpected "{"}"}"。上のブロックが早く閉じられている場合、余分なのはそちらの`{"}"}`です
syntax-error-remove-close = この`{"}"}`を削除
syntax-error-quote = この引用符には対になるものがなく、nginxはここからファイルの末尾までを1つの語として読みます
syntax-error-refuses-quote = nginxのエラー（ファイルの最終行）：unexpected end of file, expecting ";" or "{"}"}"
syntax-error-quote-rest = 引用符が閉じられるまで、この行より後は確認しません
syntax-error-lua = ここから始まるLuaコードが終わっていません。`{"}"}`が足りないか、`[[`に対する`]]`がありません
syntax-error-refuses-lua = lua-nginx-moduleのエラー：unexpected end of file, expecting terminating characters for lua code block
syntax-error-lua-rest = 波括弧は、文字列、長括弧、コメントの外にあるものを数えます。対応が取れるまで、この行より後は確認しません
syntax-error-too-deep = ここではブロックのネストが{ $most }段を超えています。nginxの扱いにかかわらず、内側は確認しません
syntax-error-add-semicolon = 足りない`;`を追加
syntax-error-this-directive = このディレクティブ
syntax-error-no-semicolon = { $name }に`;`がありません
syntax-error-refuses-here = nginxのエラー（{ $line }行目のここ）：unexpected "{"}"}"
syntax-error-refuses-end = nginxのエラー（ファイルの末尾）：unexpected end of file, expecting ";" or "{"}"}"
syntax-error-next-line = 次の行
syntax-error-swallows = { $name }に`;`がありません。nginxは{ $line }行目の{ $taken }を引数の続きとして読みます
syntax-error-refuses-argument = nginxはこのファイルを拒否します：{ $name }はそのような引数を取りません
syntax-error-refuses-host = nginxはこれをホスト名として解決しようとし、該当するホストがなければファイルを拒否します
syntax-error-looks-like-directive = 行頭にあり、ディレクティブの名前で、インデントも深くないため、ディレクティブと思われます
syntax-error-if-argument = 引数のつもりであれば、インデントを深くするか引用符で囲んでください
syntax-error-quantifier = `{"{"}{ $inside }{"}"}`で正規表現が終わっています。引用符がないため、nginxはこの`{"{"}`をブロックの始まりとみなします
syntax-error-refuses = nginxのエラー：{ $text }
syntax-error-refuses-saying = nginxのエラー（{ $line }行目）：{ $text }
syntax-error-unopened = `{ $name }`の`{"{"}`がありません
syntax-error-unopened-close = それがないため、この`{"}"}`に対応するものがありません
syntax-error-add-open = 足りない`{"{"}`を追加
syntax-error-brace-argument = この`{"{"}`からブロックが始まりますが、`{ $name }`はブロックを取りません
syntax-error-quote-braces = 波括弧を含む引数は引用符で囲みます: '{"{"}…{"}"}'
syntax-error-quote-argument = 引数を引用符で囲む
syntax-error-quote-regex = 正規表現を引用符で囲む
syntax-error-nameless = このブロックには名前がありません。`{"{"}`の前に何もありません
syntax-error-refuses-nameless = nginxのエラー：unexpected "{"{"}"
syntax-error-nameless-semicolon = このブロックが属するはずのディレクティブが、この`;`で終わっています
syntax-error-refuses-unclosed = nginxのエラー（前に問題がなければファイルの最終行）：unexpected end of file, expecting "{"}"}"
syntax-error-unclosed-block = このブロックは閉じられていません。`{"}"}`がありません
syntax-error-unclosed = `{ $name }`は閉じられていません。`{"}"}`がありません
syntax-error-ends-here = インデントから判断すると、ブロックはここ（{ $line }行目）で終わります
syntax-error-lua-brace = この`{"}"}`が`{ $name }`のLuaコードを終わらせていますが、インデントから見ると遅すぎます。コードの中で1つ足りない可能性があります
syntax-error-refuses-line = nginxのエラー（{ $line }行目）
syntax-error-refuses-line-at = nginxのエラー（{ $line }行目）：unexpected "{ $character }"
syntax-error-after-quote = 閉じる引用符の後には、空白、`;`、`{"{"}`、`)`のいずれかが必要です
syntax-error-quote-starts = この語は{ $line }行目の引用符で始まっています。それに対応する引用符が抜けている場合、この引用符は語を閉じるのではなく開いています
syntax-error-escape-quote = 引用符が文字列の一部である場合は、`\"`と書くか、語全体をもう一方の種類の引用符で囲んでください
syntax-error-long-word = この語は{ $length }バイトあります。nginxが読めるのは{ $most }バイトまでです
syntax-error-long-comment = このコメントは{ $length }バイトあります。nginxが読めるのはコメントでも{ $most }バイトまでです
syntax-error-break-comment = コメントを複数行に分ける
syntax-error-refuses-long = nginxのエラー：too long parameter "{ $start }..."
syntax-error-mark = ファイルがBOM（バイトオーダーマーク）で始まっています。nginxはその3バイトを最初の語の一部として読みます
syntax-error-refuses-mark = nginxはエラー（unknown directive）になります。ただし`map`や`types`のように任意の名前が許される場所では、最初の名前が見た目と異なるものになります
syntax-error-remove-mark = BOMを削除

## Rule: alias-mismatch

alias-mismatch-outside = リクエストが`{ $alias }`の外に出られます。{ $location }の末尾にスラッシュがないため、`{ $uri }`へのリクエストにはファイル`{ $alias }../x`が返ります
alias-mismatch-replaces = aliasが置き換える名前
alias-mismatch-write-location = `{ $path }/`と書く（`{ $path }`そのものへのリクエストは別の場所に渡ります）
alias-mismatch-glued = ファイル名がaliasに直接つながります。`alias { $alias }`の末尾にスラッシュがないため、`{ $path }x`へのリクエストにはファイル`{ $alias }x`が返ります
alias-mismatch-captures = { $location }のどのURIも`{ $alias }`そのものを指します。正規表現locationではaliasがパス全体になるため、ファイルを指すにはキャプチャー（$1）が必要です
alias-mismatch-summary = 末尾のスラッシュがlocationと揃っていないalias、またはキャプチャーのないalias

## Rule: constant-condition

constant-condition-no-uri-in = `{ $location }`でここに届くURIに例外はありません
constant-condition-no-uri = ここに残るURIに例外はありません
constant-condition-always = `if { $condition }`は常に真です。{ $why }
constant-condition-never = `if { $condition }`が真になることはありません。{ $why }
constant-condition-set = ここで設定されています
constant-condition-unknown = ここでは`${ $variable }`の値は不明です
constant-condition-empty = 空
constant-condition-like = 同様の値
constant-condition-one = ここでは`${ $variable }`は常に{ $value }です
constant-condition-some = ここでは`${ $variable }`は{ $values }のいずれかです
constant-condition-nothing = ここでは`${ $variable }`に値がありません
constant-condition-method = リクエストのメソッドは大文字です
constant-condition-host = nginxは`$host`を小文字にします
constant-condition-scheme = `$scheme`はhttpかhttpsのどちらかです
constant-condition-summary = どのリクエストでも結果が同じ`if`の条件

## Rule: dead-access-rule

dead-access-rule-again = `{ $rule }`はすでに{ $at }にあります
dead-access-rule-adds-nothing = `{ $rule }`は何も加えません。{ $at }の`{ $first }`がそのアドレスをすべて含みます
dead-access-rule-never = `{ $rule }`は効果がありません。{ $at }の`{ $first }`がそのアドレスをすべて含み、最初に一致したものが適用されます
dead-access-rule-decides = これが適用されます
dead-access-rule-summary = 前のものがすべてのアドレスを含む`allow`・`deny`

## Rule: dead-directive

dead-directive-never-runs = { $directive }は実行されません。{ $why }
dead-directive-answers = { $at }の`{ $name }`が先に応答します
dead-directive-matches = { $at }の`{ $name }`が先にすべてのリクエストに一致します
dead-directive-ends = rewriteモジュールの処理は{ $at }の`{ $name }`で終わります
dead-directive-behind = 同種のものはこれより後では実行されません
dead-directive-unmatched-in = { $directive }が一致することはありません。`{ $location }`でここに届くURIに、その正規表現に合うものはありません
dead-directive-unmatched = { $directive }が一致することはありません。試される時点で残っているURIに、その正規表現に合うものはありません
dead-directive-after-answer = { $directive }は効果がありません。{ $at }の`{ $name }`が先に応答します
dead-directive-after-taken = { $directive }は効果がありません。{ $at }の`{ $name }`が先にすべてのリクエストを受け取ります
dead-directive-rewrite-first = rewriteモジュールは、アクセス制御やコンテンツの処理より先に実行されます
dead-directive-defines = { $variable }の定義だけは残ります（値は空）。これが使われている場合、ここがないとnginxは起動しません
dead-directive-summary = 効果のないディレクティブ

## Rule: dead-error-page

dead-error-page-twice = { $code }が2回書かれています
dead-error-page-same = { $code }に対するこの`error_page`は何も加えません。{ $at }のものと同じです
dead-error-page-never = この`error_page`は{ $code }には効果がありません。同じブロックではそのコードを持つ最初のもの（{ $at }）が使われます
dead-error-page-taken = こちらが使われます
dead-error-page-upstream = upstreamからの{ $codes }応答はここに届きません。`{ $setting }`がoffで、このlocationにはほかにこの応答を返すものがありません
dead-error-page-with = `{ $setting } on;`にすると、upstreamの応答にも`error_page`が適用されます
dead-error-page-summary = あるコードに対して効果のない`error_page`

## Rule: dead-map-entry

dead-map-entry-replaced = この`{ $name }`が`{ $variable }`を決めることはありません。後ろの`{ $later }`が値を与えます
dead-map-entry-last = 同じ変数に複数ある場合は最後のものが有効です。`{ $variable }`の値はここで決まります
dead-map-entry-comment-out = 置き換えられた`{ $name }`をコメントアウト
dead-map-entry-same = `{ $line }`が`${ $variable }`を決めることはありません。同じ正規表現が上にあります
dead-map-entry-covered = `{ $line }`が`${ $variable }`を決めることはありません。これに一致する値はすべて、上の{ $takers }に一致します
dead-map-entry-default = `{ $line }`が`${ $variable }`を決めることはありません。どの値も{ $takers }に一致します
dead-map-entry-first = 最初に一致した正規表現で決まります
dead-map-entry-empty = 空の値はこの行が受け取ります
dead-map-entry-again = `{ $network }`が再び指定されているため、この行が`${ $variable }`を決めることはありません
dead-map-entry-last-line = 同じネットワークでは最後の行が有効です
comment-out-this = この{ $what }をコメントアウト
dead-map-entry-summary = 値を決めることのないmap・geoの行

## Rule: dead-server

dead-server-empty-name = 空の名前
dead-server-twice = { $name }が2回書かれています
dead-server-first-nameless = 同じく名前のない{ $at }のserverが先にあります
dead-server-belongs = { $name }は{ $at }のserverのものです
dead-server-port = { $name }にはポートがありますが、nginxは比較の前にリクエストのホストからポートを取り除きます
dead-server-dot = { $name }はドットで終わりますが、nginxは比較の前にリクエストのホストから末尾のドットを取り除きます
dead-server-blank = { $name }には空白がありますが、リクエストのホストに空白が含まれることはありません
dead-server-character = { $name }には`{ $character }`がありますが、リクエストのホストに含まれることはありません
dead-server-control = { $name }には制御文字がありますが、リクエストのホストに含まれることはありません
dead-server-no-host = { $name }はどのホストにも一致しません
dead-server-covered = { $name }に一致するホストはすべて、{ $at }のserverの名前が受け取ります
dead-server-covered-more = { $name }に一致するホストはすべて、{ $at }のserverとほかのserverの名前が受け取ります
dead-server-reasons = { $head }。{ $next }
dead-server-more-names = { $reasons }。ほかに{ $count }個の名前もserverの選択に使われません
dead-server-says = `{ $server }`に届くリクエストはありません。{ $reasons }
dead-server-has = { $name }を持っています
dead-server-no-host-instead = `{ $address }`へのホストなしのリクエストには、代わりにこれが応答します
dead-server-instead = `{ $address }`への{ $name }のリクエストには、代わりにこれが応答します
dead-server-hidden = `{ $address }`に届く`{ $name }`へのリクエストは、ここには来ません。{ $at }の`listen`がそのアドレス専用で、そのserverが応答します
dead-server-only-here = ここに届くリクエストに対しては、このアドレスをlistenするserverだけが候補になります
dead-server-more-addresses = ほかに{ $count }個のアドレスでも同様です
dead-server-summary = リクエストが届かないserver

## Rule: dead-server-name

dead-server-name-says = { $name }でこのserverが選ばれることはありません。{ $reason }
dead-server-name-says-on = { $addresses }では、{ $name }でこのserverが選ばれることはありません。{ $reason }
dead-server-name-default = このserverはこのアドレスのデフォルトサーバーなので、このようなリクエストも結局ここに届きます
dead-server-name-no-apex = `{ $other }`がすでにあるため`{ $name }`は無視され、`{ $rest }`ではこのserverが選ばれません
dead-server-name-no-below = `{ $rest }`がすでにあるため`{ $name }`は無視され、`{ $rest }`のサブドメインではこのserverが選ばれません
dead-server-name-comma = `{ $name }`はコンマを含む1つの名前です。名前は空白で区切ります
dead-server-name-underscore = `_`はワイルドカードではありません。このserverに届くのはホスト`_`へのリクエストだけで、どの名前にも合わないものは`{ $address }`のデフォルトサーバーに届きます
dead-server-name-underscore-at = `_`はワイルドカードではありません。このserverに届くのはホスト`_`へのリクエストだけで、どの名前にも合わないものは`{ $address }`のデフォルトサーバー（{ $at }）に届きます
dead-server-name-the-default = デフォルトサーバー：`listen`に`default_server`の指定がなければ、そのアドレスで最初のもの
dead-server-name-summary = 何も選択しない`server_name`の名前

## Rule: dead-upstream

dead-upstream-backup = nginxは起動しません。`upstream { $name }`は`{ $method }`で負荷分散していますが、これは`backup`を使えません
dead-upstream-other-methods = backupのserverを使えるのは、ほかの方式の場合です
dead-upstream-all-backup = nginxは起動しません。`upstream { $name }`のserverはすべて`backup`で、リクエストの転送先がありません
dead-upstream-all-down = `upstream { $name }`に転送されたリクエストには502が返ります。serverがすべて`down`です
dead-upstream-summary = 使えるserverのないupstream

## Rule: empty-server

empty-server-says = `{ $server }`には応答方法の指定がなく、リクエストにはnginx付属の`html`フォルダーのファイルが返ります
empty-server-refuse = ほかのserverに向けられていないリクエストを拒否するには、`return 444;`と書きます
empty-server-summary = 応答方法の指定がないserver

## Rule: error-page-target

error-page-target-says = `{ $directive }`の`{ $uri }`は送られません。このURIは{ $location }が受け取り、{ $why }
error-page-target-own = `location = { $uri }`を設ければ、このページ専用になります
error-page-target-return = すべてに`return { $words }`で応答します
error-page-target-deny = 誰も通しません（`deny all`）
error-page-target-failed = 失敗したリクエストと同じ転送先に問い合わせます：`{ $directive } { $words }`
error-page-target-summary = locationのために送られないエラーページ

## Rule: include-problem

include-problem-gave-up = ここで打ち切りました。この設定はファイルの読み込みが多すぎるか、ディレクティブが多すぎます。残りは確認していません
include-problem-loop = 読み込み中の`{ $name }`をincludeしています。nginxは開いているファイルが多くなりすぎるまで繰り返し読み込み、起動しません
include-problem-read-from = `{ $name }`はここから読み込まれます
include-problem-missing = `{ $file }`がありません。`include`で指定したファイルがないと、nginxは起動しません
include-problem-looked = { $folder }を確認しました
include-problem-no-folder = { $folder }もありません
include-problem-siblings = `{ $file }`がありません。同じフォルダーのほかのファイルはincludeされています
include-problem-elsewhere = これがないとnginxは起動しません。サーバーでは別の場所から配置される場合は、nginx-analyzer.tomlの`[paths]`にフォルダーを指定してください
include-problem-fix = `{ $file }`をincludeする
include-problem-summary = 行き先がない、または循環している`include`

## Rule: inert-directive

inert-directive-says = { $names }はここでは効果がありません。{ $reason }
inert-directive-no-option = `{ $server }`のどの`listen`にもオプション`{ $option }`がありません
inert-directive-not-here = ここに`{ $option }`がありません
inert-directive-still-read = それでもnginxは起動時に証明書とそれに属するファイルを読み込みます
inert-directive-elsewhere = ここにないファイルのserverが、同じアドレスの`listen`に`{ $option }`を指定している場合は当てはまりません
inert-directive-handler = `{ $location }`に届くリクエストには、すべて`{ $handler }`（{ $at }）が応答します
inert-directive-no-files = nginxがファイルを探すのは、応答するハンドラーがない場合だけです
inert-directive-server = このserver
inert-directive-whole = 設定全体
inert-directive-no-pass = { $block }の中に`{ $pass }`がありません
inert-directive-closes = `add_header { $header }`は効果がありません。{ $at }の`return 444`が応答せずに接続を閉じます
inert-directive-status = `add_header { $header }`は効果がありません。このブロックは{ $code }しか返さず（{ $at }の`return`）、`always`がなければ200、201、204、206、301〜304、307、308だけが対象です
inert-directive-only-answer = 唯一の応答
inert-directive-default-type = `return`が送る内容のタイプは`default_type`で指定します
inert-directive-error-page = このファイルを囲む`error_page`が、エラーを別のアドレスへのリダイレクトに変える場合は当てはまりません
inert-directive-nobody = ここでは`{ $directive }`が問い合わせることはありません。{ $at }の`allow all`が全員を通し、`satisfy any`ではどちらか一方で十分です
inert-directive-everybody = 全員を通します
inert-directive-one-enough = どちらか一方で十分です
inert-directive-uri = この`proxy_pass`の`{ $uri }`は送られません。{ $at }の`rewrite … break`がここのすべてのリクエストに一致し、その結果がそのまま送られます
inert-directive-from-here = これ以降、locationの名前は置き換えられません
inert-directive-line-feed = 一致しないのは改行（%0A）を含むURIだけです
inert-directive-summary = その場所では効果のないディレクティブ

## Rule: lost-inheritance

lost-inheritance-from-file = ファイル
lost-inheritance-from-location = それを囲むlocation
lost-inheritance-from-block = `{ $name }`ブロック
lost-inheritance-this = この`{ $name }`
lost-inheritance-sent = { $block }には独自の`{ $directive }`があるため、{ $from }（{ $at }）のものは継承されません。ここでは{ $names }が送られません
lost-inheritance-page = { $block }には独自の`{ $directive }`があるため、{ $from }（{ $at }）のものは継承されません。ここでは{ $names }に対するページがありません
lost-inheritance-passed = { $block }には独自の`{ $directive }`があるため、{ $from }（{ $at }）のものは継承されません。ここでは{ $names }が転送先に渡されません
lost-inheritance-hidden = { $block }には独自の`{ $directive }`があるため、{ $from }（{ $at }）のものは継承されません。ここでは{ $names }が隠されません
lost-inheritance-set = { $block }には独自の`{ $directive }`があるため、{ $from }（{ $at }）のものは継承されません。ここでは{ $names }が設定されません
lost-inheritance-level = このレベルの`{ $directive }`は継承されません
lost-inheritance-repeat = ここにも同じものを書くか、`add_header_inherit merge;`を指定してください（nginx 1.29.3以降）
lost-inheritance-summary = 同じ名前の外側のディレクティブが継承されなくなるディレクティブ

## Rule: nginx-refuses

nginx-refuses-says = nginxは起動しません。{ $why }
nginx-refuses-in-exact = `location { $this }`は、完全一致の`location { $around }`の中には書けません。そのURIは1つだけで、分ける余地がありません
nginx-refuses-in-named = `location { $this }`は、名前付きの`location { $around }`の中には書けません
nginx-refuses-named-inside = 名前付きの`location { $this }`は`location { $around }`の中には書けません。書けるのは`server`の中だけです
nginx-refuses-outside-prefix = `location { $this }`は`location { $around }`の中にありますが、その名前が`{ $path }`で始まっていません
nginx-refuses-in-regex = `location { $this }`は正規表現の`location { $around }`の中にありますが、そこで意味があるのは正規表現だけです。名前が文字列`{ $pattern }`で始まっている必要があります
nginx-refuses-around = これを囲むlocation
nginx-refuses-alias = `alias`は、置き換えるURIの部分がない名前付きの`location { $name }`の中には書けません
nginx-refuses-uri-if = `if`の中の`proxy_pass { $to }`にURI部分`{ $uri }`は指定できません。置き換える名前がありません
nginx-refuses-uri-limit-except = `limit_except`の中の`proxy_pass { $to }`にURI部分`{ $uri }`は指定できません。置き換える名前がありません
nginx-refuses-uri-regex = 正規表現locationの`proxy_pass { $to }`にURI部分`{ $uri }`は指定できません。置き換える名前がありません
nginx-refuses-uri-named = 名前付きlocationの`proxy_pass { $to }`にURI部分`{ $uri }`は指定できません。置き換える名前がありません
nginx-refuses-uri-without = `{ $uri }`がなければリクエストのURIがそのまま送られます。前に`rewrite … break`を置くか、変数を使えば、任意のURIを送れます
nginx-refuses-listens = このserverはすでに`{ $address }`をlistenしています
nginx-refuses-default = `{ $address }`にはすでにデフォルトサーバー（{ $server }）があります
nginx-refuses-no-server = `upstream { $name }`にserverがありません
nginx-refuses-summary = nginxが起動できない記述（入れ子の誤り、重複）

## Rule: replaced-handler

replaced-handler-says = { $this }が応答することはありません。同じブロックの後ろに{ $other }があり、最後のものが有効です
replaced-handler-answers = こちらが応答します
replaced-handler-summary = 同じブロックの後のものに置き換えられるコンテンツハンドラー

## Rule: request-fails

request-fails-no-name = { $directive }は500を返します。{ $server }に`location { $name }`がありません
request-fails-this-one = これの間違いではありませんか？
request-fails-alias = { $directive }で書き換えられたリクエストには500が返ります。`{ $location }`の`alias`とは併用できません
request-fails-takes-off = 要求されたURIからlocationの名前を取り除きます
request-fails-as-far = 書き換え後のURIを`{ $location }`が受け取る場合に限ります
request-fails-skipped = `if { $condition }`が真の場合、`{ $location }`の`try_files`は実行されません
request-fails-not-inherited = `if`には継承されません
request-fails-map = `if`で設定するものを`map`に置き換えるか、`return`だけの`if`にすれば、有効なままになります
request-fails-prefix = この`try_files`の最後の行き先は`{ $written }`ではなく`{ $path }`です。`alias`があると、変数を含む引数から`{ $name }`が取り除かれます
request-fails-this-alias = 違いはこの`alias`によるものです
request-fails-as-written = 変数を使わないか、`alias`の代わりに`root`を使えば、引数は書いたとおりになります
request-fails-short = `{ $short }`が存在する場合、それがURIになり、この`proxy_pass`が先頭から{ $bytes }バイトを切り取ります
request-fails-found-here = ここで見つかります
request-fails-crash = 1.29.4より前のnginxはURIの末尾を越えて読み、クラッシュする可能性があります。以降のバージョンは`proxy_pass`のURIだけを送ります
request-fails-two-ifs = `if { $one }`と`if { $other }`がともに真のリクエストには500が返ります
request-fails-later-if = この`{ $name }`が応答するはずですが、設定は後の`if`のものになります
request-fails-break = location自体に`{ $name }`を書くか、最初の`if`の中のものの後に`break`を置けば、失敗しなくなります
request-fails-summary = nginxが500を返す、または書いたことが実行されないディレクティブの組み合わせ

## Rule: server-try-files

server-try-files-every = すべてのリクエストがいずれかのlocationに入ります
server-try-files-rest = ほかのlocationが受け取らないリクエストは、すべて`{ $location }`が受け取ります
server-try-files-says = serverの`try_files`は効果がありません。{ $why }。またlocationには継承されません
server-try-files-decides = 独自の`try_files`の有無にかかわらず、このlocationで決まります
server-try-files-holds = クライアントのURIのように`/`で始まるすべてのURIについて成り立ちます
server-try-files-summary = すべてのリクエストがlocationに入るため効果のない、serverの`try_files`

## Rule: settings-problem

settings-problem-comment = このコメントに`{ $word }`は書けません。書けるのは`ignore RULE reason`か`keep reason`です
settings-problem-no-rule = このコメントにルールの指定がないため、何も無視されません：`ignore RULE reason`
settings-problem-no-directive = このコメントの後に、同じブロックのディレクティブがないため、効果がありません
settings-problem-unknown-setting = `{ $rule }`というルールはないため、この設定は効果がありません
settings-problem-unknown-ignored = `{ $rule }`というルールはないため、何も無視されません
settings-problem-near = { $problem }。`{ $near }`の間違いではありませんか？
settings-problem-explain = `nginx-analyzer explain`ですべてのルールを表示できます
settings-problem-replace = `{ $with }`に置き換える
settings-problem-summary = 意味のない設定、または`# nginx-analyzer:`コメント

## Rule: try-files-problem

try-files-problem-taker = このようなURIを受け取るのは{ $location }だけです
try-files-problem-no-taker = このようなURIを受け取るlocationはありません
try-files-problem-last = 最後の引数`{ $last }`は、先頭にスラッシュがないままURIになります。{ $goes }。`{ $meant }`の間違いではありませんか？
try-files-problem-source = ファイル`{ $file }`が存在する場合、そのソースがテキストとして送られます。{ $location }など別のlocationに渡るのは、`try_files`の最後の引数だけです
try-files-problem-run-here = これへのリクエストはここで実行されます
try-files-problem-never = `{ $file }`より後（`{ $never }`）が試されることはありません。そのファイル（`{ $path }`）が存在するためです
try-files-problem-summary = 見た目どおりに動作しない`try_files`

## Rule: undefined-name

undefined-name-further-down = 定義されるのは後ろのここだけです
undefined-name-too-late = nginxは起動しません。ログ形式`{ $name }`が定義より前に使われています
undefined-name-option = nginxは起動しません。`{ $directive }`で最初に書くべきログ形式名の位置に`{ $name }`があります
undefined-name-log-format = nginxは起動しません。`{ $protocol }`の中に`{ $name }`を定義するlog_formatがありません
undefined-name-zone = nginxは起動しません。ゾーン`{ $name }`を定義する`{ $directive }`がありません
undefined-name-capture = `${ $number }`は常に空です：正規表現`{ $regex }`には{ $count ->
    [0] グループがありません
   *[other] グループが{ $count }個しかありません
}
undefined-name-capture-if = 外側の`if`のグループは、この正規表現が評価された時点で失われます。事前に`set`で保存してください
undefined-name-variable = `{"$"}{ $name }`がどこにも定義されていません。nginxは起動しません
undefined-name-module = nginx標準でないモジュールが定義している可能性があります
undefined-name-built-in = nginxに組み込まれたモジュールが定義している可能性があります。`nginx -t`で確認できます
undefined-name-dictionary = `{ $name }`を定義するlua_shared_dictがありません。`ngx.shared.`{ $name }``はnilになります
undefined-name-looks-before = 使う前に存在を確認するコードであれば、なくても動作します
undefined-name-summary = どこにも定義されていない変数、ログ形式、ゾーン

## Rule: unknown-upstream-host

unknown-upstream-host-start = nginxが起動しません。この設定を動かす{ $service }から見て、ホスト`{ $host }`を定義するものがありません
unknown-upstream-host-late = リクエストが502で失敗します。この設定を動かす{ $service }から見て、ホスト`{ $host }`を定義するものがありません
unknown-upstream-host-apart-start = nginxが起動しません。`{ $host }`は、この設定を動かす{ $service }と共通のネットワークにありません
unknown-upstream-host-apart-late = リクエストが502で失敗します。`{ $host }`は、この設定を動かす{ $service }と共通のネットワークにありません
unknown-upstream-host-runs = `{ $service }`がこの設定を動かします。分かるのは、同じネットワークにあるコンテナの名前です
unknown-upstream-host-network = `{ $service }`が属するネットワークは{ $networks }だけです
unknown-upstream-host-no-network = `{ $service }`はプロジェクトのどのネットワークにも属さないため、そこでの名前がありません
unknown-upstream-host-holds = このプロジェクトの外にその名前を持つものがない限り成り立ちます。ある場合は、nginx-analyzer.tomlに`[upstreams.{ $host }]`を書いてください
unknown-upstream-host-summary = 設定が動く環境で定義されていない、バックエンドのホスト名

## Rule: unreadable-file

unreadable-file-not-utf8 = `{ $file }`はUTF-8ではありません。UTF-8でないバイトはU+FFFDとして表示し、それより後ろの桁位置はずれることがあります
unreadable-file-no-start = `{ $file }`を確認できません。{ $problem }。この状態ではnginxは起動しません
unreadable-file-unknown = `{ $file }`を確認できません。{ $problem }。内容は不明です
unreadable-file-link = 名前はフォルダーにあるため、リンク先のないシンボリックリンクです
unreadable-file-docker = マウントするファイルがホストにない場合、Dockerは空のフォルダーを作ります
unreadable-file-summary = 読み込めない、またはそのままでは読み込めないファイル

## What can't be told (`check --verbose`)

unsettled-says = `{ $location }`に届くかどうか判断できません。{ $why }
unsettled-template = このファイルはテンプレートの元か、nginxが読めないものです
unsettled-stood = これが判断を妨げました
unsettled-partial = 設定の一部がここにありません
unsettled-makes = クライアントはこれに一致するURIを送れませんが、この`{ $what }`が一致しうるURIを作ります
unsettled-computed = この`{ $what }`の行き先は実行時に決まります
unsettled-index = `index`がここに至る可能性があります
unsettled-its-name = その名前
unsettled-its-regex = その正規表現
unsettled-regex-of = `{ $location }`の正規表現
unsettled-construct = { $regex }には、オートマトンで扱えない{ $what }があります
unsettled-too-large = 証明に必要なオートマトンが大きすぎます
unsettled-filled-in = { $what }は、nginxが読む前に埋められます
unsettled-include = includeの中身が不明なため、ほかのlocationがある可能性があります
unsettled-many = URIを受け取るlocationが多すぎます
unsettled-order = { $what }がURIを受け取るかどうかは、それ自身の名前や正規表現以外にも左右されます
unsettled-no-client = 見つかったURIは、クライアントが送るものではありません
unsettled-no-regex = 正規表現ではないもの
unsettled-look-around = 先読み・後読み
unsettled-back-reference = 後方参照
unsettled-word-boundary = 単語境界
unsettled-possessive = 強欲な量指定子またはアトミックグループ
unsettled-recursion = 再帰
unsettled-something = 何らかの構文

## Hover

hover-in = { $location }の中、{ $server }
hover-internal = `internal`：クライアントには404が返り、内部リダイレクトとサブリクエストだけが入れます。
hover-redirect = { $bare }には{ $path }への301が返ります。
hover-sentence = { $sentence }。
hover-exact = URI { $uri }だけを受け取ります。
hover-named = 内部リダイレクト（`error_page`、`try_files`、`ngx.exec`）だけがここに届きます。
hover-regex = 一致するURIを受け取ります（{ $order }）。一致すれば、`^~`のない前方一致より優先されます。
hover-regex-caseless = 大文字・小文字を区別せずに一致するURIを受け取ります（{ $order }）。一致すれば、`^~`のない前方一致より優先されます。
hover-regex-only = ここで唯一の正規表現
hover-regex-of = { $count }個の正規表現のうち、ファイル順で{ $at }番目
hover-rival-longer = より長い前方一致
hover-rival-regexes = 同じレベルの正規表現（{ $count }個）
hover-every = すべてのURIを受け取ります。
hover-every-unless = { $rivals }が受け取るものを除き、すべてのURIを受け取ります。
hover-prefix = { $path }で始まるURIを受け取ります。
hover-prefix-unless = { $rivals }が受け取るものを除き、{ $path }で始まるURIを受け取ります。
hover-no-regex = { $takes }このレベルの正規表現は試されません。
hover-example = 例：{ $target }
hover-example-unless = 例：{ $target }（serverの`{ $by }`（{ $at }）が別の場所へ送らない場合）
hover-example-nested = { $target }（中にある{ $location }に届きます）
hover-returns = ここに届くリクエストはありません。serverの`return`（{ $at }）が先に応答します。
hover-no-client = クライアントのリクエストはここに届きません。
hover-answered = 応答：{ $handler }
hover-answered-servers = 応答：{ $handler }（{ $servers }）

## Code actions

action-ignore = このルールをここで無視：{ $rule }
action-comment-directive = このディレクティブをコメントアウト：`{ $directive }`（{ $marker }）
action-comment-block = このブロックをコメントアウト：`{ $directive }`（{ $marker }）
action-comment-blocks = これら{ $count }個のブロックをコメントアウト（{ $marker }）
action-restore = コメントアウトされたブロックを元に戻す：`{ $title }`
action-restore-several = コメントアウトされた{ $count }個のブロックを元に戻す

## Commenting out, and what speaks against it

refusal-same-place = 2つの編集が同じ位置にあります
refusal-not-configuration = `{ $file }`は設定ファイルではありません
refusal-no-directive = この位置にディレクティブはありません
refusal-unclosed = `{ $directive }`の閉じ括弧がありません
refusal-error = `{ $directive }`の{ $line }行目に、nginxが受け付けないエラーがあります。先に修正してください
refusal-beside = `{ $directive }`の隣の行が同じマーカーでコメントアウトされており、区別できなくなります
refusal-same-line = `{ $other }`が`{ $directive }`と同じ行にあります。先に別々の行に分けてください
refusal-long-comment = { $line }行目は{ $bytes }バイトのコメントになりますが、nginxが読めるのは{ $most }バイトまでです
refusal-marker = 設定cleanup.markerが{ $marker }になっています。マーカーは`#`で始まり、1行に収まる必要があります
refusal-events = `events`ブロックがないとnginxは起動しません
refusal-empty-upstream = `upstream { $name }`にserverが残らず、nginxはこれを受け付けません
refusal-needs = `{ $user }`（{ $at }）が{ $what }を必要としています
refusal-defined = ここで定義されている{ $kind }`{ $name }`
refusal-location = `location { $name }`
refusal-location-takes = `{ $user }`（{ $at }）が`location { $name }`を必要としています。`{ $uri }`を受け取るためです
refusal-upstream = upstream
refusal-variable = 変数
refusal-limit-req = limit_reqのゾーン
refusal-limit-conn = limit_connのゾーン
refusal-cache = キャッシュゾーン
refusal-log-format = ログ形式
refusal-dictionary = 共有辞書

## Command line

cli-nothing-to-do = 実行する内容がありません。`nginx-analyzer check PATH`または`nginx-analyzer --help`を試してください
cli-no-command = `{ $name }`というコマンドはありません。あるのは{ $names }です
cli-workspace-folder = { $path }：--workspaceにはフォルダーを指定します
cli-no-configuration = `{ $path }`にnginxの設定が見つかりません。メインのファイルを指定するか、nginx-analyzer.tomlの`[project]`に`roots`を設定してください
cli-no-logs = アクセスログが見つかりません。--logsで指定するか、nginx-analyzer.tomlの[logs]の`files`に書いてください
cli-nothing-read = 指定されたファイルを1つも読み込めませんでした
cli-here = カレントフォルダーを読み込めません
cli-dangling = { $path }：リンク先の`{ $target }`がないシンボリックリンクです
cli-no-such-path = { $path }：そのようなファイルやフォルダーはありません
cli-path-problem = { $path }：{ $problem }
cli-not-nginx = { $path }：nginxの設定として読み込まれていません
cli-no-rule-near = `{ $rule }`というルールはありません。`{ $near }`の間違いではありませんか？
cli-no-rule = `{ $rule }`というルールはありません。`nginx-analyzer explain`ですべて表示できます
cli-proven = 証明済み
cli-likely = 可能性が高い
cli-to-check = 要確認
cli-files = { $count }ファイル
cli-errors = エラー{ $count }件
cli-warnings = 警告{ $count }件
cli-notes = 情報{ $count }件
cli-hints = ヒント{ $count }件
cli-nothing-found = 検出なし
cli-summary = { $found }（{ $files }）
cli-summary-hidden = { $found }（{ $files }）。重要度の低い{ $count }件は表示していません（--min-severity hintですべて表示）
cli-standard-output = 標準出力
cli-footer = { $confidence }：{ $url }

## Server

server-reading = nginx-analyzer：ワークスペースを読み込み中
server-failed = 解析に失敗しました：{ $problem }。ご報告をお願いします
server-no-command = コマンド`{ $command }`はありません
server-argument = `{ $command }`の引数はオブジェクト1つで、設定のファイルの`uri`が必要です
server-not-nginx = このファイルはnginxの設定の一部ではありません

## settings-problem

settings-problem-bad-day = 「{ $day }」は日付ではありません。`until=YYYY-MM-DD`の形で書いてください。それまでは、このコメントの対象は「残す」扱いのままです

## unused-location

unused-location-nobody = `{ $location }`は使われていないようです。{ $window }にリクエストがなく、参照しているものもありません
unused-location-hangs = `{ $location }`は使われていないようです。{ $window }にリクエストがなく、参照元も使われていません
unused-location-internal = `{ $location }`への経路は、{ $window }にリクエストのなかったブロックだけです。それらと一緒に不要になります
unused-location-guard = `{ $location }`には{ $window }にリクエストがありませんが、アクセスを制限する役割があります。外す前に確認してください
unused-location-not-found = `{ $location }`へのリクエストは、{ $window }ではすべて404でした。必要かどうか確認してください
unused-location-machines = `{ $location }`へのリクエストは、{ $window }ではスキャナーかボットだけでした。必要かどうか確認してください
unused-location-called = `{ $location }`には{ $window }にリクエストがありませんが、参照しているものがあります。まだ必要かどうか確認してください
unused-location-so-far = `{ $location }`には{ $window }にリクエストがありません。ただしログの期間が指定より短いため、より長いログで確認してください
unused-location-part = `{ $location }`はこれに依存しており、同じく使われていません
unused-location-files = ほかに必要とするものがないため、一緒に不要になるファイル：{ $files }
unused-location-upstreams = ほかにリクエストを渡すものがないupstream: { $upstreams }
unused-location-more = ほかに{ $count }か所から参照されています
unused-location-twin = `{ $location }`がよく似ており、こちらは使われています
unused-location-shields = { $path }以下の一部のリクエストは、このlocationがあるために別のブロックで処理されています。なくなると`location { $other }`で処理されることがあります
unused-location-comment-out = `{ $location }`をコメントアウトする
unused-location-comment-out-all = 関連する{ $count }個のブロックをまとめてコメントアウトする
unused-location-keep = 残す（使用中であることをコメントに書く）
unused-location-keep-reason = 理由を書く
unused-location-summary = 誰も使っていないlocation

## unused-upstream-server

unused-upstream-server-none = `{ $server }`は、upstream { $upstream }が{ $window }に受けた{ $total }件のリクエストに一度も応答していません
unused-upstream-server-other = こちらは{ $count }件に応答しています
unused-upstream-server-check = 要確認：このサーバーは稼働していて、nginxから到達できますか。max_fails回続けて失敗するとfail_timeout（10秒）の間除外され、失敗が続く限りそれが繰り返されます
unused-upstream-server-summary = リクエストに応答していない、upstreamのserver

## silent-server

silent-server-none = { $server }には{ $window }にリクエストがありません。ほかのserverには{ $others }件ありました
silent-server-check = 要確認：このserverのログは、読み込んだものとは別の場所に出力されていませんか。それが分かるまで、この中のlocationについては判定しません
silent-server-summary = リクエストが届いていないserver

## expired-keep

expired-keep-passed = このコメントの期限は{ $day }でしたが、すでに過ぎています
expired-keep-reason = 理由：{ $reason }
expired-keep-do = コメントを外すか、期限を延ばしてください。このままでは「残す」指定は無効です
expired-keep-summary = 期限が過ぎた`keep`コメント

## Editors: beside a location

lens-hits = { $days }日間で{ $shown }件のアクセス、最終{ $ago }
lens-hits-undated = { $days }日間で{ $shown }件のアクセス
lens-no-hits = { $days }日間アクセスなし
lens-not-logged = ログ対象外
lens-called = 呼び出し元：{ $caller }
lens-called-more = 呼び出し元：{ $caller }ほか{ $more }件
lens-short = { $shown }件
lens-short-none = アクセスなし
lens-short-called = 呼び出し元{ $count }件

## Another name

rename-refused = 名前を変更しませんでした：{ $reason }
rename-refused-at = 名前を変更しませんでした：{ $reason }（{ $place }）
rename-escaped = ここでの名前の書き方では、名前だけを変更できません
rename-outside = この箇所はワークスペース外のファイルにあります
rename-fragment = このファイルを取り込む設定がここにないため、この名前を使っている可能性があります
rename-broken = 設定のファイルにnginxが読めない箇所があり、意味が確実ではありません
rename-include = このincludeの中身が不明なため、`{ $name }`を使っている可能性があります
rename-undefined = `{ $name }`はここで定義されていないため、名前は外から来ています
rename-lua = ここにある`{ $name }`は追跡できません
rename-scripts = ワークスペースのスクリプトに`{ $name }`があり、スクリプトは追跡されません
rename-nginx = `{ $name }`という名前の変数がnginxにあるか、nginxがこの名前で読み取ります
rename-lua-name = ここでは Lua がドットの後にこの名前を書いていますが、`{ $name }`はそこに書けません（使えるのは英数字と _ のみで、数字で始まる名前と Lua の予約語は使えません）
rename-name = `{ $name }`はここでは名前にできません
rename-taken = `{ $name }`はすでに使われています
rename-settings = { $file }の`{ $name }`についての記述を新しい名前に書き換えられません。先にそちらを変更してください

## Editors: hover

hover-pass-upstream = upstreamブロック{ $name }（{ $at }）
hover-pass-service = サービス{ $name }（{ $at }）
hover-pass-folder = ソース{ $folder }
hover-pass-source = ソース{ $folder }（{ $frameworks }）
hover-pass-image = イメージ{ $image }
hover-routes-complete = { $count ->
    [0] ルートはすべて判明しており、リクエストが届くルートはありません。
   *[other] ルートはすべて判明しており、リクエストが届くのは次の{ $count }件です：
}
hover-routes-incomplete = { $count ->
    [0] 判明しているルートのうち、リクエストが届くものはありません。ほかにもルートがあるかもしれません：{ $why }。
   *[other] 判明しているルートのうち、リクエストが届くのは{ $count }件です。ほかにもルートがあるかもしれません：{ $why }。
}
hover-routes-unknown = ルートは不明です：{ $why }。
hover-routes-here = このnginx自身です：{ $servers }。
hover-more-routes = ほか{ $count }件
hover-more-reasons = ほか{ $count }件

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
usage-caller-ssi = ページのSSI include
usage-caller-lua = Lua
usage-caller-code = プログラム
usage-caller-script = シェルスクリプト
usage-caller-test = テスト
usage-caller-collection = リクエスト集（.http、Postmanなど）
usage-caller-openapi = OpenAPIファイル
usage-caller-documentation = ドキュメント
usage-kept = コメントで「残す」指定があります：{ $reason }
usage-kept-until = コメントで{ $until }まで「残す」指定があります：{ $reason }
usage-kept-expired = コメントの「残す」指定は{ $until }で期限切れです：{ $reason }
usage-hits = { $window }に{ $shown }件のリクエストがあります
usage-not-found = { $window }の{ $shown }件のリクエストはすべて404でした
usage-machines = { $window }の{ $shown }件のリクエストはすべてスキャナーかボットでした
usage-perhaps = { $window }の{ $shown }件のリクエストがここに来た可能性があります（ログにない情報によります）
usage-passed = { $window }に、ほかのlocationへのリクエスト{ $shown }件がここを経由しています
usage-relayed = { $window }に、同じnginxのほかのserverから{ $shown }件のリクエストが渡されています
usage-no-hits = { $window }にリクエストがありません
usage-no-hits-so-far = { $window }にリクエストがありません（指定より短い期間です）
usage-not-logged = リクエストがログに記録されません
usage-partly-logged = 一部のリクエストしかログに記録されません
usage-moved-on = リクエストは他へ移ることがあり、ここを通ったことは読み込んだログに現れません。nginxはリクエストを、処理が終わったlocationで記録します
usage-blind = ログの書式に{ $missing }がないため、判定できません
usage-no-logs = ログが読み込まれていません
usage-other-logs = 読み込んだログは、このlocationの出力先とは別のものです
usage-called = { $kind }（{ $at }）から呼び出されています{ $strength ->
    [follows] { $live ->
        [yes] 。呼び出し元は使用中です
        [no] 。ただし呼び出し元も使われていません
       *[unknown] {""}
    }
   *[other] {""}
}
usage-referred = { $kind }（{ $at }）の遷移先です
usage-referred-from = { $from }の{ $kind }の遷移先です{ $live ->
    [yes] 。遷移元は使用中です
    [no] 。ただし遷移元も使われていません
   *[unknown] {""}
}
usage-passed-on = { $from }からリクエストが渡されます{ $live ->
    [no] 。ただし渡す側も使われていません
   *[other] {""}
}
usage-no-caller = ワークスペースにも設定にも、参照しているものがありません
usage-denies = 拒否するだけのlocationです。アクセスがないのは想定どおりです
usage-guard = アクセスを制限する役割があります。外すと次のように変わります：{ $phrase }
usage-convention = ブラウザー、クローラー、認証局などが慣例的にアクセスするパスです
usage-fallback = server内のほかのlocationが受けないリクエストをすべて受けます
usage-inside = 内側の{ $inner }が使用中です
usage-computed = 実行時に決まる遷移先（{ $at }）がここになる可能性があります
usage-computed-more = 実行時に決まるほかの{ $count }件の遷移先もここになる可能性があります
usage-dead = どのリクエストも到達できないことが証明されています
usage-silent-server = このserver全体へのリクエストがログにありません。別の場所に出力されていませんか
usage-broken = 応答に必要なファイルがありません

## Access logs: `usage`

logs-source = { $path }：{ $lines }行、リクエスト{ $requests }件、フォーマット{ $formats }
logs-window = 対象のリクエスト：{ $from }から{ $to }まで
logs-requests = リクエスト{ $shown }件
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
logs-off = 記録なし：{ $line }行目のaccess_log off
logs-conditional = { $line }行目の条件を満たすときだけ記録
logs-moved = { $line }行目で他へ移り、終わった先で記録される
logs-internal = 内部リクエスト専用
logs-blind = ログのフォーマットに{ $missing }がない
logs-not-read = 書き込み先のログは読まれていない
logs-hole = ログの途中に{ $missing }の空白があります。ローテーションされたファイルが足りないのではありませんか。それが分かるまで、未使用とは判定しません

logs-passed = { $count }件が通過
logs-relayed = { $count }件が別のserverから転送
logs-perhaps = { $count }件がここに来た可能性あり
logs-unplaced = どのserverのものか特定できないリクエストが{ $shown }件あります
logs-no-request = 読み込んだログには、この設定のフォーマットのリクエストが1行もないため、locationについては何も言えません。この設定が書き込むログを`--logs`で指定するか、このログに合う`log_format`を設定に書いてください
logs-too-old = ログのリクエストはすべて指定期間より前のものなので、locationについては何も言えません（最新は{ $newest }）。`--since`（または[logs]の`window`）をもっと前の日時にするか、新しいログを`--logs`で指定してください
logs-short = 指定期間{ $asked }のうち、ログがあるのは{ $covered }だけです。リクエストがなかったことの意味は弱くなります
logs-format = ログのフォーマット（{ $at }）に{ $missing }がありません。次の行にするとserverを区別できます：{ $better }
logs-unreadable = { $at }のフォーマットで書かれた行は読み戻せません：{ $why }
logs-no-zone = タイムゾーンのない時刻はUTCとみなしました
logs-ahead = { $count }件のリクエストの時刻がまだ来ていない時刻です(時計が狂っていました)。時刻がないものとして数えました
logs-cut = 異なるリクエストが多すぎるため、途中からrewriteなどを追わずにlocationを選びました

## Callers

callers-too-large = ファイルが大きすぎます（{ $size } KiB。この種類のファイルで読むのは{ $limit } KiBまで）
callers-made = プログラムが生成したコードです（圧縮・バンドル・自動生成）
callers-unreadable = 読み取れません：{ $why }
callers-too-many = フォルダーのファイル数が{ $limit }を超えています。残りは調べていません

## The server

server-reading-sources = アプリケーションのソースを読み込み中
server-reading-logs = nginx-analyzer: アクセスログを読み込んでいます

## Report: groups

report-group-one = `{ $location }`
report-group-many = `{ $location }`と、これだけに依存する{ $count }個のlocation
report-not-safe-needed = 残る側の{ $kind }（{ $at }）の遷移先です
report-not-safe-shared = 同じ行が別の場所からもincludeされており、そちらでは使用中か、判定できません
report-not-safe-unreliable = ファイルに構文エラーがあり、ブロックの対応が推測になっています
report-not-safe-evidence = 使用を示す根拠と、そうでない根拠の両方があります
report-file-goes-with = 必要としているのはグループ{ $group }（`{ $location }`）だけです

## Report: steps

report-step-log = 最新のログをもう一度確認する
report-step-log-text = 残っている限り古いログまで確認してください。月に一度のアクセスは1週間のログには現れません。使用中のものが見つかったら、それは残します。
report-step-backup = バックアップを取る
report-step-backup-text = `cleanup apply`もチェックサム付きのバックアップを取りますが、こちらはツールなしで元に戻せます。
report-step-comment-out = 使われていないものをコメントアウトする
report-step-comment-out-text = { $count ->
    [1]該当するグループを
   *[other]判断の要らない{ $count }個のグループをまとめて
} 1回の操作でコメントアウトします。いつでも元に戻せます。残したいものの行は外してください。この時点では何も削除しません。
report-step-proven = 効果がないと証明されたものをコメントアウトする
report-step-proven-text = 外しても、どのリクエストへの応答も変わりません。経過観察は不要です。
report-step-test = 設定をテストする
report-step-test-text = { $how ->
    [mounted]フォルダーではなくファイル単体をマウントしています。`cleanup apply`はファイルをその場で書き換えるため、実行中のコンテナーにも変更が見えます。保存時にファイルを置き換えるエディターで編集した場合は、つながりが切れるのでコンテナーを再起動してください。
    [image]設定はイメージにコピーされるため、ビルドし直す必要があります。
    [cluster]いつもの手順で変更をクラスターに反映し、新しいConfigMapを持つコンテナーの中で`nginx -t`を実行してください。
   *[plain]成功した場合だけ先へ進みます。
}
report-step-reload = 反映する
report-step-reload-text = { $how ->
    [mounted] reloadなら確立済みの接続は切れません。手で編集した場合は再起動してください（前の手順を参照）。
    [image]コンテナーが置き換わります。そのわずかな間、接続は拒否されます。
    [cluster] ConfigMapの変更は実行中のPodに遅れて届き、`subPath`でマウントしている場合は届きません。Podを順番に再起動してください。
   *[plain] reloadなら確立済みの接続は切れません。
}
report-step-watch = 期限まで経過を観察する
report-step-watch-text = { $day }まで（{ $days }日間）観察します。該当するパスへのリクエストが404になっていないか、代わりのlocationで処理されていないかを確認してください。`cleanup status`で表示できます。
report-step-watch-text-days = { $days }日間観察します。該当するパスへのリクエストが404になっていないか、代わりのlocationで処理されていないかを確認してください。`cleanup status`で表示できます。
report-step-undo = 必要だと分かったら元に戻す
report-step-undo-text = 1バイトも違わず元に戻ります。そのあと、上と同じ手順でテストと反映を行ってください。
report-step-delete = 削除する
report-step-delete-text = 期限を過ぎたら削除します。削除したものはバックアップに残ります。
report-step-delete-text-files = 期限を過ぎたら削除します。削除したものと、ほかに必要とするもののない次のファイルは、バックアップに残ります：{ $files }

## Report: cautions

report-caution-no-logs = アクセスログが読み込まれていません。使用を確認できるログがない限り、未使用とは判定しません
report-caution-log-problem = ログ{ $log }を最後まで読み込めませんでした：{ $problem }
report-caution-log-empty = { $count ->
    [0]ログ{ $log }は空です
   *[other]ログ{ $log }の{ $count }行に、設定のどのlog_formatにも合う行がありません
}
report-caution-rare = { $days }日に一度より少ないアクセス（月次のジョブ、年次の出力、証明書の更新など）は、ログに現れないことがあります
report-caution-stale = ログは、このレポートの{ $days }日前（{ $last }）で終わっています。それ以降に始まった利用は反映されていません
report-caution-short-window = 指定は{ $asked }日間ですが、ログは{ $covered }日間しかありません
report-caution-hole = ログの途中に、{ $hours }時間にわたってリクエストが1件もない部分があります。ローテーションされたファイルが足りない可能性があるため、未使用とは判定していません

report-caution-format = `log_format { $name }`に{ $missing }がないため、複数のserverやlocationが候補になるとき、どれが応答したのか判別できません。次のように書き換えてください:
report-caution-unreadable-format = `log_format { $name }`で出力された行は解析できません：{ $why }
report-caution-no-zone = タイムゾーンのない時刻はUTCとみなしました
report-caution-ahead = { $shown }件のリクエストの時刻がまだ来ていない時刻です(時計が狂っていました)。時刻がないものとして数えました
report-caution-cut = リクエスト先の種類が非常に多いため、一部ではrewriteを追跡していません
report-caution-unplaced = { $shown }件のリクエストは、どのserverが応答したのか判別できません
report-caution-garbled = ログのうち{ $shown }件は、リクエスト行を読み取れませんでした
report-caution-silent-server = { $server }へのリクエストがログに1件もありません。別の場所に出力されていませんか。このserverの中は未使用と判定しません
report-caution-not-logged = { $count }個のディレクティブにより、リクエストがログに記録されないか、一部しか記録されません。そのlocationについて分かるのは参照元だけです
report-caution-unknown-include = 内容の分からないincludeが{ $count }個あります
report-caution-gave-up = このディレクティブより先は量が多すぎるため、残りを調べていません
report-caution-unread-lua = 読み込めないLuaが{ $count }個あります。どこへでもリクエストを送る可能性があります
report-caution-opaque-lua = 動作を追跡できないLuaが{ $count }か所あります。どこへでもリクエストを送る可能性があります
report-caution-unread = { $file }：{ $problem }
report-caution-unreliable = { $file }に構文エラーがあり、ブロックの対応が推測になっています
report-caution-left-out = { $file }の中は呼び出し元として調べていません：{ $reason }
report-caution-left-out-more = ほかに{ $count }個のファイルの中も、呼び出し元として調べていません
report-caution-cut-walk = ワークスペースのファイルが多すぎるため、一部を調べていません
report-caution-outside = このフォルダーの外は調べていません（別のリポジトリ、クライアント、ほかのマシンのジョブ、ブックマークなど）

## Report: headings and tables

report-title = 利用状況レポート：{ $project }
report-made-on = { $day } · nginx-analyzer { $version }
report-made = nginx-analyzer { $version }
report-headline = location { $all }個のうち{ $unused }個が、おそらく使われていません（{ $groups }グループ、計{ $lines }行{ $files ->
    [0] {""}
   *[other] 、不要になるファイル{ $files }個
}）。
report-headline-none = location { $all }個の中に、未使用と判定できるものはありません。
report-headline-no-logs = アクセスログが読み込まれていません。{ $all }個のlocationについて分かるのは、参照元だけです。
report-total = 合計
report-verdicts-mean = 「使用中」はログで確認できたか、稼働中のものに必要とされているもの。「おそらく未使用」は、アクセスがあれば記録されるはずのログに期間を通して1件もなく、使用中のものからの参照もないもの。「要確認」は根拠が分かれているもの。「判定不能」は、アクセスがあってもログに現れないもの。
report-found = 全ルールの検出結果（利用状況に関するものを含む）：エラー{ $error }件、警告{ $warning }件、情報{ $info }件、ヒント{ $hint }件。
report-heading-read = 調査対象
report-runs-in = 実行環境：{ $images }。
report-no-logs = アクセスログは読み込まれていません。
report-mind = **注意**：{ $text }。
report-window = 以下の内容は、{ $window }に基づきます（タイムゾーン{ $zone }）。
report-callers = 呼び出し元として、このフォルダーの{ $files }個のファイルを調べました（URLへのアクセスは{ $places }か所）。
report-heading-unused = おそらく未使用
report-heading-unused-text = 互いに関連するもの（ページ、そのページだけが呼び出すlocation、それらだけが使うファイル）を1つのグループにまとめています。
report-heading-unused-none = ありません。
report-heading-to-check = 要確認
report-heading-to-check-text = 根拠が分かれているため、人による判断が必要です。
report-heading-to-check-none = ありません。
report-heading-findings = その他の検出結果
report-heading-findings-text = ルールごとに、重要度の高い順に並べています。各ルールの説明は`nginx-analyzer explain RULE`で表示できます。
report-heading-findings-none = ありません。
report-heading-endpoints = すべてのlocation
report-heading-endpoints-text = 「–」は、アクセスがあっても読み込んだログには現れないことを示します。
report-heading-files = 不要になるファイル
report-heading-files-none = ありません。
report-heading-steps = 手順
report-heading-steps-text = このフォルダーで、上から順に実行してください。どの手順も元に戻せます。
report-heading-steps-none = 人の判断なしに外せるものはありません。
report-heading-cautions = 注意事項
report-column-locations = location数
report-column-configuration = 設定ファイル
report-column-lines = 行数
report-column-log = ログ
report-column-requests = リクエスト数
report-column-from = 開始
report-column-to = 終了
report-column-bytes = バイト数
report-column-where = 場所
report-column-location = location
report-column-server = server
report-column-handler = 応答の内容
report-column-verdict = 判定
report-column-hits = リクエスト数
report-column-last = 最終アクセス
report-column-called-by = 呼び出し元・理由
report-column-file = ファイル
report-column-why = 理由
report-against = **未使用と考えられる根拠**
report-for = **使用を示す根拠、または判定できない点**
report-afterwards = **外したあとの動作**
report-group-files = **一緒に不要になるファイル:**
report-group-upstreams = **ほかにリクエストを渡すものがないupstream:**
report-safe = **コメントアウトできます**（{ $lines }行）。現在動いているもので必要としているものはなく、アクセス制限も失われません。
report-not-safe = **判断が必要です:** { $why }
report-decide = **判断のポイント:** { $why }
report-of-all = { $count }個すべて
report-more = ほか{ $count }件
report-and-more = { $first }ほか{ $count }か所
report-confidence-proven = 証明済み
report-confidence-likely = 可能性が高い
report-confidence-hint = 要確認
report-not-safe-broken = 応答に必要なファイルがありません。これから使う予定なのか、ファイルが失われたのかを確認してください
report-why-guard = アクセスを制限する役割があります
report-heading-picture = 全体図
report-heading-picture-text = 左が呼び出し元、中央がserverごとのlocation（判定別に色分け。使用中のものはまとめて表示）、右がその先のupstreamとファイルです。破線は使われていない経路を示します。クリックすると表の該当行へ移動します。
report-picture-about = 呼び出し元、判定別のlocation、その先のファイルとupstream
report-picture-callers = リクエストと呼び出し元
report-picture-locations = location
report-picture-targets = upstreamとファイル
report-picture-collapsed = { $verdict } { $count }個
report-picture-requests = ログのリクエスト{ $shown }件
report-picture-more-files = ほか{ $count }個のファイル
report-filter = 語句で絞り込む
report-every-server = すべてのserver
report-clients = クライアント約{ $shown }台
report-step-line = **{ $title }** — { $text }
report-at = （{ $places }）
report-not-safe-dead = 応答のほかに効果が残っています。`dead-location`の検出結果を参照してください
cli-report-ending = --output { $path }：拡張子から形式を判断できません。--formatで指定してください（md、html、json）
cli-report-configuration = --output { $path }：設定ファイルのため上書きしません
cli-report-log = --output { $path }：読み込んだログのため上書きしません
cli-report-project = --output { $path }：プロジェクトが必要としているファイルのため上書きしません
cli-report-no-file = --output { $path }：ファイルではありません
cli-report-other = --output { $path }：既存のファイルで、nginx-analyzerのレポートではないため上書きしません
cli-report-written = 書き込みました：{ $path }

## Routes: the gateway's map

routes-dead = リクエストは届きません
routes-unsettled = `{ $location }`が送るURIは特定できません
routes-below = { $prefixes }以下はすべて判明、それ以外は不明
routes-variable = 応答する相手は変数によって決まるか、ソケットです
routes-unreachable = どのlocationからも転送されないルート
routes-count = { $count }ルート
routes-also = 別のURL：{ $urls }
routes-no-location = locationなし
routes-dead-location = 到達不能
routes-internal = 内部専用
routes-any-method = 任意
routes-complete = 全ルート判明
routes-incomplete = 一部のみ判明
routes-unknown = ルート不明
routes-here = このnginx自身
routes-note-incomplete = { $name }にはほかのルートがあるかもしれません：{ $why }
routes-note-none = { $name }には、このリクエストを受けるルートがありません
routes-column-methods = メソッド
routes-column-url = URL
routes-column-location = location
routes-column-backend = バックエンド
routes-column-route = ルート
routes-column-defined = 定義場所
cli-several = どれですか？{ $names }があります
cli-no-server = { $name }というサーバーはありません。あるのは{ $names }です

## Clean-up

cleanup-stale = `{ $block }` は { $since } からコメントアウトされたままです（保持期間は{ $days }）
cleanup-stale-until = `{ $block }` はコメントアウトされており、保持期限の { $until } を過ぎました
cleanup-stale-said = いつからかはここに書かれています
cleanup-delete = コメントアウトされたブロック `{ $block }` を削除
cleanup-by-hand = 手動で指定
cleanup-no-configuration = { $file } は設定ファイルに含まれていません
cleanup-nothing-there = { $file }:{ $line } から始まるディレクティブはありません
cleanup-nothing-hidden = { $file }:{ $line } にコメントアウトされたブロックはありません
cleanup-not-whole = { $file } を完全に読み取れなかったため（UTF-8 ではない、またはアクセスできない）、書き込みは行いません
cleanup-outside = このファイルは workspace の外にある { $file } へのリンクです
cleanup-same-file = このファイルは { $file } と同一です
cleanup-not-exact = { $file } では 1 バイトも違わずに元へ戻すことを保証できません（隣接する行が同じ marker でコメントアウトされています）
cleanup-proven = 証明済み
cleanup-likely = 可能性が高い
cleanup-to-check = 要確認
cleanup-plan-none = コメントアウトするものはありません。
cleanup-plan-blocks = { $until } まで保持する前提でコメントアウトするブロック（{ $count } 件）:
cleanup-plan-files = ほかに必要とするものがなくなるファイル（`finish` まではそのまま残し、コピーをバックアップに保存）:
cleanup-plan-refused = 対象外（ほかから必要とされている、または正確に元へ戻せない）:
cleanup-plan-held = ほかに { $count } 件は使用中の可能性があるか、リクエストの行き先が変わります。対象にするには --all、または行を指定する --at FILE:LINE を使います
cleanup-steps = 手順:
cleanup-step-apply = { $command }   （バックアップ後にコメントアウト）
cleanup-step-test = { $command }
cleanup-step-reload = { $command }
cleanup-step-watch = { $until } まで: { $command }   （本来そこへ届いたはずのリクエストを確認）
cleanup-step-finish = その後 { $finish }、すべて元に戻す場合は { $restore }
cleanup-status-none = コメントアウトされたブロックはありません。
cleanup-status-count = コメントアウトされたブロック: { $count } 件（うち期限到来: { $due } 件）
cleanup-status-undated = いつからか不明です。上の行に `# off since YYYY-MM-DD` と書くか、git に commit してください
cleanup-status-due = { $since } から無効、{ $due } に期限到来: `cleanup finish` で削除されます
cleanup-status-kept = { $since } から無効、{ $due } まで保持
cleanup-status-due-alone = { $due } に期限到来: `cleanup finish` で削除されます
cleanup-status-kept-alone = { $due } まで保持
cleanup-status-by-history = （git での最終更新日による）
cleanup-status-no-logs = 以降のリクエスト: 判定できるログがないため不明
cleanup-status-no-requests = 以降、本来そこへ届いたはずのリクエストはありません（{ $from }〜{ $to } のログ）
cleanup-status-requests = 以降、本来そこへ届いたはずのリクエスト: { $total } 件（bot、スキャナー、ヘルスチェックを除くと { $others } 件）、最後は { $last }
cleanup-finish-none = 期限の来たものはありません。
cleanup-finish-blocks = 削除するブロック（{ $count } 件）:
cleanup-finish-files = 必要とするものがなくなり、バックアップへ移すファイル:
cleanup-ask = { $count } 件のブロックをコメントアウトしますか？
cleanup-not-asked = 何も変更していません。使用中の可能性があるものが含まれています。確認なしで実行するには --yes を指定してください。
cleanup-applied = { $count } 件のブロックをコメントアウトしました（clean-up { $id }）:
cleanup-backup = バックアップ: { $path }
cleanup-archive = アーカイブ: { $path }（設定ファイルと関連ファイル { $files } 件）
cleanup-tested = テスト済み: { $command }
cleanup-not-tested = テストは未実行: コマンドが設定されていません（nginx-analyzer.toml の [cleanup] の test、または --test-command）
cleanup-taken-back = すべて元に戻しました: { $why }
cleanup-interrupted = { $time } の clean-up { $id } は中断されています。`nginx-analyzer cleanup restore` で途中までの変更を元に戻せます。
cleanup-recovered = 中断されていた clean-up { $id } を元に戻しました。
cleanup-found = 変更前とも変更後とも異なるファイルがありました。その内容は { $path } に保存してあります
cleanup-records = 元に戻せる clean-up（`cleanup restore --id ID`）:
cleanup-record-apply = { $count } 件のブロックをコメントアウト
cleanup-record-finish = { $count } 件のブロックを削除
cleanup-finished = { $count } 件のブロックを削除しました（clean-up { $id }）:
cleanup-moved = アーカイブへ移したファイル:
cleanup-restored = 元に戻しました:
cleanup-would-restore = 元に戻るもの:
cleanup-dry-run-open = その後に元に戻せる内容は、先にこれを元に戻すと表示できます。
cleanup-would-recover = Clean-up { $id } は中断されており、先に元に戻されます:
cleanup-would-remove = { $path }（再び削除）
cleanup-record-refused = 記録 { $folder } は使用しません: { $why }。この workspace の clean-up がこのような記録を書くことはありません。プロジェクトに同梱されていたか、変更されています。出所を確認し、そのフォルダーを削除してください
cleanup-record-id = 名前 { $id } がフォルダーの名前と異なるか、記録の名前として使えません
cleanup-record-outside = workspace の外にある { $path } を指しています
cleanup-record-private = clean-up が書き込むことのないファイル { $path } を指しています
cleanup-record-backup = コピーとして { $path } を指していますが、コピーの名前ではありません
cleanup-record-unknown = { $path } を指していますが、それがどこにあるか確認できません（{ $error }）
cleanup-record-large = ファイルが clean-up の扱う大きさ（合計 { $limit } バイト）を超えています
cleanup-record-no-archive = どのアーカイブが属するかを記していません
cleanup-record-archive = アーカイブが、記録が書かれたときのものと異なります
cleanup-record-not-archived = アーカイブに、以前のままの { $path } がありません
cleanup-store-link = { $path } はリンクです。clean-up の記録は、リンクの先では読み書きしません。リンクを削除するか、リンク先のものに置き換えてください
cleanup-needless = バックアップ { $path } を削除しました（ファイルと同一の内容に戻ったため）
cleanup-nothing-to-restore = 元に戻す clean-up はありません。
cleanup-which = clean-up が複数あります。--id（{ $ids }）で指定するか、--all ですべて元に戻してください
cleanup-lost = { $file }: `{ $block }`（元は { $line } 行目）はその後編集されているため、そのままにしました。変更前のファイルは { $backup } にあります
cleanup-occupied = { $file } は別のファイルになっているため、そのままにしました。移動したファイルはアーカイブにあります
cleanup-next = 次の手順:
cleanup-editor-applied = { $count } 件のブロックをコメントアウトしました（{ $until } まで保持）。保存してテストし、reload してください。バックアップはファイルと同じ場所にあります
cleanup-editor-finished = { $count } 件のブロックを削除しました。保存してテストし、reload してください。バックアップはファイルと同じ場所にあります
cleanup-editor-restored = 元に戻しました。保存してテストし、reload してください
cleanup-editor-refused = エディターが編集を適用しませんでした
cleanup-editor-save = { $file } はディスク上の内容と異なります。先に保存してください
cleanup-finish-missed = { $file }:{ $line } の `{ $block }` は期限が来ていますが、その後も本来そこへ届いたはずのリクエストがあります（`cleanup status` で確認できます）。削除するには --at { $file }:{ $line } で行を指定してください
cleanup-busy = この workspace では別の clean-up が実行中です
cleanup-open = clean-up { $id } は中断されています。`nginx-analyzer cleanup restore` で途中までの変更を元に戻せます
cleanup-changed = { $path } がその間に変更されたため、何も書き込んでいません。計画を確認し直してください
cleanup-path = { $path }: workspace の外にあるか、名前が UTF-8 ではありません
cleanup-no-such = 元に戻せる clean-up { $id } はありません
cleanup-stuck = { $why }。元に戻す処理も失敗しました: { $error }。ディスクの空きや権限を確保してから `nginx-analyzer cleanup restore` を実行してください
cleanup-no-rule = ルール `{ $rule }` はありません
cleanup-no-rule-near = ルール `{ $rule }` はありません。`{ $near }` のことですか？
cleanup-at = { $place }: --at には FILE:LINE を指定してください（行番号は 1 から）
cleanup-no-step = そのような手順はありません。plan、apply、status、restore、finish のいずれかです
cleanup-untrusted = 信頼されていない workspace では何も書き込みません
cleanup-editor-no-edits = このエディターはサーバーからの編集（workspace/applyEdit）に対応していません。ターミナルで `nginx-analyzer cleanup` を実行してください
report-group-changed = **最終変更:**
report-changed-now = まだコミットされていない変更があります
report-changed = { $date }{ $older ->
    [yes] 以前
   *[no] {""}
}、{ $commit }（{ $summary }）{ $after ->
    [yes] 。ログの開始より後の変更のため、ログには一部の期間しか現れません
   *[no] {""}
}

## Traces: what they depend on

trace-is-empty = 空
trace-is-unknown = 不明
trace-value = `${ $variable }`は{ $value }
trace-no-value = `${ $variable }`が空か0
trace-some-value = `${ $variable }`が空でも0でもない
trace-not-equal = `${ $variable }`が{ $value }ではない
trace-equal = `${ $variable }`が{ $value }である
trace-is-file = `{ $path }`がファイルである
trace-is-not-file = `{ $path }`がファイルではない
trace-is-folder = `{ $path }`がフォルダーである
trace-is-not-folder = `{ $path }`がフォルダーではない
trace-is-executable = `{ $path }`が実行可能である
trace-is-not-executable = `{ $path }`が実行可能ではない
trace-is-there = `{ $path }`がある
trace-is-not-there = `{ $path }`がない
trace-exists = `{ $path }`が存在する
trace-exists-not = `{ $path }`が存在しない
trace-nobody-knows = 何があるか不明
trace-the-uri = URI
trace-variable = `${ $variable }`
trace-matches = { $subject }が`{ $regex }`に一致する
trace-matches-not = { $subject }が`{ $regex }`に一致しない
trace-address-allowed = クライアントのアドレスが許可される
trace-address-denied = クライアントのアドレスが拒否される（{ $status }）
trace-credentials-good = `{ $directive }`が認証情報を受け入れる
trace-credentials-bad = `{ $directive }`が認証情報を受け入れない（{ $status }）
trace-backend-well = バックエンドが正常に応答する
trace-backend-502 = バックエンドに接続できない（502）
trace-backend-504 = バックエンドが時間内に応答しない（504）
trace-backend-status = バックエンドが{ $status }を返す
trace-auth-good = `{ $uri }`が2xxを返す
trace-auth-bad = `{ $uri }`が拒否する（{ $status }）

## Traces: why it ends

trace-alias-rewritten = `alias`は`rewrite … break`の後では機能しません
trace-444 = nginxはこのステータスでは応答せず、接続を閉じます
trace-file-depends = どのファイルが返るかは`{ $uri }`によります
trace-file-unknown = どのファイルが返るかは、不明なものに左右されます
trace-method-refused = nginxはlocationを探す前に{ $method }を拒否します
trace-plain-to-tls = TLSのポートに平文のHTTPが送られました
trace-no-files-for = { $method }に対してファイルは返されません
trace-no-folder = フォルダーが存在しません
trace-folder-is-file = フォルダーであるべきものがファイルです
trace-no-index = インデックスファイルのないフォルダーの一覧は表示されません
trace-error-page = `error_page`の行き先は`{ $to }`です
trace-location-depends = どのlocationかは`{ $name }`によります
trace-zero-length = 書き換え後のURIの長さが0です
trace-earlier-if = 前の`if`の`{ $directive }`は、成立した`if`の中では無効です
trace-invalid-port = `{ $directive }`の送り先{ $address }のポートが無効です
trace-no-host = `{ $directive }`にリクエストの送り先となるホストがありません
trace-unsafe-uri = `X-Accel-Redirect`のURIが安全ではありません
trace-method-capitals = メソッドは大文字で書きます
trace-server-depends = どのserverが応答するかは、送られるHostによります：`{ $host }`
trace-many-passes = この設定を{ $most }回通った後で打ち切りました
trace-lands-name = この設定のserverの一つが`{ $host }`という名前です
trace-lands-perhaps = `{ $host }`がこのnginx自身につながる場合
trace-lands-not = `{ $host }`が別のマシンにつながる場合
trace-lands-listen = `listen { $listen }`により、このアドレスはこのマシン自身のものです
trace-lands-service = サービス`{ $host }`がこの設定を実行しています
trace-lands-alias = `{ $host }`は、この設定を実行しているサービス`{ $service }`です
trace-lands-cluster = Service { $service }は、この設定を実行しているPodにつながります
trace-terminated = `{ $uri }`は{ $status }で終わり、クライアントの接続も応答なしで閉じられます
trace-no-answer = { $host }は応答せずに接続を閉じます
trace-auth-status = `auth_request`が期待するのは2xx、401、403ですが、`{ $uri }`は{ $status }を返します

## Traces: steps

step-header-ignored = ヘッダー`{ $name }`は無視されます
step-header-underscore = 名前にアンダースコアがあり、`underscores_in_headers`がonではありません
step-header-invalid = 名前に英数字とハイフン以外の文字があり、`ignore_invalid_headers`がoffではありません
step-handshake = TLSハンドシェイクが拒否されます
step-handshake-why = クライアントに応答は返りません：SNIで選ばれるserver（なければデフォルトサーバー）に`ssl_reject_handshake on`があります
step-line = { $what } — { $why }
step-listens = `{ $address }`でlisten
step-share = { $count }個のserverが共有
step-default-listen = `listen`がない場合のデフォルト
step-nothing-listens = `{ $address }`をlistenするものはありません
step-no-host = `Host`ヘッダーがないか不正です
step-refused-control = リクエストターゲットに制御文字または空白があります
step-refused-form = リクエストターゲットが/でもスキームとホストでも始まっていません
step-refused-escape = %の後に16進数2桁がありません
step-refused-nul = リクエストターゲットに%00があります
step-refused-above-root = ..がルートより上に出ます
step-uri = URI `{ $uri }`
step-uri-args = URI `{ $uri }`、引数`{ $args }`
step-normalised = `{ $path }`を正規化
step-keeps-slashes = `merge_slashes off`により//のまま
step-both = { $one }。{ $other }
step-location-unknown = 次のlocationは判断できません
step-uri-is = URIは`{ $uri }`
step-internal = locationが`internal`のため、外部からのリクエストは入れません
step-redirect-to = `{ $to }`への{ $status }
step-auto-redirect = リクエストを転送するlocationに対するnginx自身の応答
step-method-limited = { $method }は含まれないため、そのブロックが適用されます
step-method-free = { $method }は含まれるため、そのブロックは適用されません
step-if-holds = { $condition }：成立
step-if-holds-not = { $condition }：不成立
step-break = ここで以降のrewriteは省略されます
step-again = URIは`{ $uri }`になりました
step-searched-again = locationを再び探します
step-circle = URIの変更が10回を超えました。循環しています
step-credentials = `{ $directive }`が認証を要求
step-401 = なければ401
step-limit = `{ $directive }`が拒否する可能性
step-too-many = リクエストが多すぎる場合
step-auth-request = auth_requestが`{ $uri }`に問い合わせ
step-auth-answers = 2xxなら通過、401・403なら終了
step-mirror = mirrorが`{ $uri }`に複製を送信
step-mirror-ignored = 応答は無視されます
step-code = `{ $code }`を実行
step-code-may = 応答するか、リクエストを別の場所へ送る可能性があります
step-code-uri = 応答するか、リクエストを別の場所へ送るか、URIを変える可能性があります
step-code-value = 返した値が変数の値になります
step-taken-if-file = ファイルがあれば採用
step-taken-if-folder = フォルダーがあれば採用
step-taken = あり：採用
step-not-there = なし
step-taken-not = 不明：ないものとみなします
step-folder-for-file = ファイルが必要な場所にフォルダーがあります
step-file-for-folder = フォルダーが必要な場所にファイルがあります
step-try-folder = try_filesがフォルダー`{ $path }`を探索
step-try-file = try_filesが`{ $path }`を探索
step-fallback = try_filesの最後の引数`{ $to }`へ
step-index = indexが`{ $path }`を探索
step-client-gets = クライアントには{ $status }が返ります
step-error-page = error_pageが{ $status }を`{ $to }`へ
step-internal-redirect = `{ $uri }`への内部リダイレクト
step-starts-again = { $by }による：serverの処理を最初からやり直します
step-by = { $by }による
step-no-such-location = { $by }が`{ $name }`を指定していますが、serverにそのlocationはありません
step-path = パス`{ $path }`
step-is-this = `{ $address }`はこの設定自身です
step-loop = ループ
step-loop-hop = 同じリクエストがすでにここを通りました（ホップ{ $hop }）
step-ends = トレースはここで終わります
step-a-file = ファイル
step-a-folder = フォルダー
step-unknown-there = 有無は不明
step-listing = フォルダーの一覧
step-slash-redirect = 末尾スラッシュへのリダイレクト
step-server = server `{ $server }`
step-servers = server { $servers }
step-outcome = { $place }：{ $answer }
step-passed-but = { $passed }: { $status }, { $why }
step-file-missing = { $status }、`{ $file }`がありません
step-the-file = ファイル`{ $file }`
step-file-if = ファイル`{ $file }`（存在する場合）
step-status-file = { $status }とファイル`{ $file }`
step-status-file-if = { $status }とファイル`{ $file }`（存在する場合）
step-status-and = { $status }、{ $what }
step-denied = 拒否
step-is-internal = internalです
step-invalid-host = 有効なHostがありません
step-in-circle = 循環しています
step-and-then = その先は不明：{ $why }
step-no-location = `{ $uri }`を受け取るlocationはありません
step-with-lost = { $why }：{ $lost }
step-own-settings = server自体の設定
step-very-uri = URIそのもの
step-lacks-slash = URIに末尾のスラッシュだけがありません
step-first-regex = 最初に一致した正規表現
step-first-regex-over = 最初に一致した正規表現（前方一致`{ $prefix }`より優先）
step-no-regex = { $why }。`^~`：正規表現は試されません
step-longest = 最長の前方一致
step-longest-before = 最長の前方一致（次は`{ $shorter }`）
step-lost = { $regexes }は一致しません
step-lost-regexes = 前にある{ $count }個の正規表現は一致しません
step-lost-more = { $regexes }ほか{ $count }個の正規表現は一致しません
step-not-same = `= { $name }`とは異なります
step-case = `{ $name }`とは大文字・小文字が異なります
step-matches-not = `{ $uri }`に一致しません
step-no-match = 一致しません
step-goes-on = ここの続きに進みます
step-last = last：ここのrewriteを終え、locationを再び探します
step-rewrite-break = break：ここのrewriteを終え、locationはそのままです
step-sent-there = クライアントは{ $status }でそこへ送られます
step-access-rules = アクセス制御
step-let-in = このクライアントは許可されます
step-gets-403 = このクライアントには403が返ります
step-by-address = 許可されるかはクライアントのアドレスによります
step-may = クライアントのアドレスによります：許可は{ $who }、ほかは403
step-all-others = そのほかすべて
step-satisfy = `satisfy any`：ほかの検査で許可される可能性があります
step-server-only = 唯一のserver：名前は関係しません
step-server-empty = 完全一致の名前：Hostがないため空の名前
step-server-exact = 完全一致の名前
step-server-name = 名前`{ $name }`
step-server-regex = ホストに最初に一致した正規表現：`{ $name }`
step-server-default = 合う名前がなく、default_serverです
step-server-first = 合う名前がなく、最初のserverです

## Traces: the page

page-nothing = 何も判断できません
page-more-unfollowed = たどっていない経路がほかにもあります
page-more-ways = ほかに{ $count }通りの経路
page-more-ways-unfollowed = ほかに{ $count }通りの経路と、たどっていない経路があります
page-provided = 条件：{ $condition }
page-but-if = 別の場合：{ $condition }
page-and = かつ：{ $condition }
page-or = または
page-same-more = 同じものをさらに{ $count }回
page-all-more = 以上をさらに{ $count }回
page-host = 、Host { $host }
page-depends = { $answer }（条件による）
page-other-configurations = 対象になりうる設定がほかに{ $count }個あります。これは{ $name }です
page-at = （
page-at-end = ）：
page-at-close = ）

## Traces: what is asked

ask-no-url = URLがありません。http://host/pathの形式か、パスを指定してください
ask-blank = 空白
ask-character = { $character }はURLに書けません。{ $escape }と書いてください
ask-fragment = `#{ $fragment }`はクライアント側にとどまります
ask-no-such-url = `{ $text }`はURLではありません。http://host/pathの形式か、/で始まるパスを指定してください
ask-scheme = `{ $scheme }://`はトレースできません。httpとhttpsだけが対象です
ask-user = URL中のユーザー名はリクエストに含まれません
ask-no-port = `{ $text }`の`{ $port }`はポートではありません
ask-no-host = `{ $text }`にホストがありません
ask-no-server = ここにhttpの`server`がありません
ask-method = `{ $method }`はメソッドではありません。GETやPOSTのように大文字で書きます
ask-template = 設定の一部はnginxが読む前に埋められます。ここでは書かれているとおりに扱います
ask-header = `{ $header }`はヘッダーではありません。`Name: value`の形式で書いてください
ask-host-and-port = このファイルに`server`がないため、includeするserverがこのホストとポートをlistenするものとして扱います
ask-published = ポート{ $port }は、コンテナのポート{ $inside }として公開されています（{ $at }）
ask-address = { $host }は、{ $server }がlistenするアドレス{ $address }とみなします
ask-first-address = リクエストは、ポート{ $port }の最初のアドレス{ $address }に届くものとします
ask-listens-nowhere = このserverはどこもlistenしていません
ask-nothing-else = このファイルに`server`がないため、includeするserverにはほかに何もないものとして扱います
ask-which-here = { $count }個のserverのうち、ここのserverに{ $url }として問い合わせます
ask-which-first = { $count }個のserverのうち、最初のserverに{ $url }として問い合わせます
ask-more = ほか{ $count }件
ask-nothing-listens = ポート{ $port }をlistenするものはありません。listenしているのは{ $list }です
ask-nothing-listens-seen = 見える範囲では、ポート{ $port }をlistenするものはありません（読めないincludeがあります）。listenしているのは{ $list }です

## `probe`：動いているバックエンドへの問い合わせ

cli-probe-not-allowed = probeは動いているバックエンドへネットワーク越しに問い合わせます。明示的に許可した場合だけ実行します：`nginx-analyzer probe --allow-network { $urls }`。指定したホストへGET、HEAD、OPTIONSだけを送ります
cli-probe-url = { $url }：問い合わせ可能なURLではありません。`http://host:port`または`https://host`の形で書いてください
cli-probe-credentials = URLにユーザー名やパスワードがあります。probeは認証情報を送らないので、取り除いてください
cli-probe-from-nothing = { $path }：特定できるバックエンドへHTTPでリクエストを渡すlocationがありません
cli-probe-from-others = { $path }：そのホストとポートへリクエストを渡すlocationがありません。どのバックエンドかを--upstreamで指定してください：{ $names }
cli-probe-from-unclear = そこへリクエストを渡すlocationのうち{ $count }件は、何を送るか特定できません
cli-probe-path = --urisや--fromを使う場合、URLにパスは付けられません。一覧のURIは完全なパスとして扱います
cli-probe-several = 複数のURLの結果は1つずつファイルに書きます。--outputに既存のフォルダーを指定してください
cli-probe-other = --output { $path }：既存のファイルで、`nginx-analyzer probe`が書いたものではないため上書きしません
cli-probe-list-long = { $path }：URIが{ $count }件を超えています
cli-probe-list-line = { $path }:{ $line }：`/`で始まるURIでも`METHOD /path`でもありません
cli-probe-list-host = { $path }:{ $line }：コマンドで指定されていないホストです。指定されたホストにだけ問い合わせます
cli-probe-list-empty = { $path }：URIがありません
cli-probe-failed = { $url }：{ $problem }
cli-probe-no-description = { $url }には読み取れるOpenAPIやSwaggerの記述がありません：
    { $tried }
    記述のパスをURLに書くか、URIの一覧を--urisで渡してください
cli-probe-unsendable = このままではリクエストとして送れません
cli-probe-no-host = その名前のホストはありません
cli-probe-connection-refused = 何も待ち受けていません（接続拒否）
cli-probe-timeout = { $seconds }秒以内に応答がありません（--timeout）
cli-probe-tls = TLSに失敗しました：{ $problem }。バックエンドが平文のHTTPなら`http://`と書いてください
cli-probe-too-large = 応答が{ $limit }MiBを超えています
cli-probe-no-answer = HTTPの応答がありません：{ $problem }
cli-probe-redirect-unread = { $location }へリダイレクトされますが、読み取れません
cli-probe-redirect-elsewhere = 指定されていないホストの{ $location }へリダイレクトされるため、問い合わせません
cli-probe-redirects = リダイレクトが終わりません
cli-probe-guarded = { $status }：何かありますが、認証情報なしでは読めません
cli-probe-status = { $status }
cli-probe-not-json = 応答がJSONではありません
cli-probe-not-openapi = JSONですが、OpenAPIでもSwaggerでもありません
cli-probe-no-paths = パスのない記述です
cli-probe-not-asked = 問い合わせていません：バックエンドが応答しなくなりました
cli-probe-pattern = 問い合わせていません：多数のURIを表しています
cli-probe-why-alike = { $status }。隣の、存在しないはずのURIにも同じ応答が返ります
cli-probe-why-odd = 404。ただし隣の、存在しないはずのURIには{ $status }が返ります
cli-probe-why-error = { $status }：失敗しているか、その先に誰もいません
cli-probe-why-limited = 429：リクエストが多すぎます。--rateを小さくしてください
cli-probe-why-method = { $status }：{ $method }については判断できません
cli-probe-told = { $of }：ルート{ $routes }件、なし{ $missing }件、不明{ $unknown }件
cli-probe-next = nginx-analyzer.tomlの[upstreams.NAME]に、{ $path }を`openapi`として指定できます

## Hover: directives, variables and values

hover-default = 既定値：{ $default }
hover-contexts = 書ける場所：{ $contexts }
hover-anywhere = どのブロックでも
hover-if-in = { $block }内の`if`
hover-inner-context = { $outer }の{ $inner }
hover-module = モジュール：{ $module }
hover-module-of = モジュール：{ $package }の{ $module }
hover-module-since = モジュール：{ $module }（{ $package } { $since }以降）
hover-removed = { $version }で**削除**されました（最後にあるバージョンは{ $last }）
hover-not-here = ここ（{ $context }）には書けません
hover-documentation = ドキュメント
hover-holds = ここでは{ $value }が有効です。
hover-as-default = ここでは{ $value }が有効です。既定値と同じです。
hover-instead-of = ここでは{ $before }（{ $at }）の代わりに{ $value }が有効です。
hover-instead-of-default = ここでは既定値{ $default }の代わりに{ $value }が有効です。
hover-later-holds = ここでは{ $at }の{ $value }が有効です。
hover-together = 同じブロックのほかの{ $count }件（{ $places }）と一緒に有効です。
hover-hides = 外側のブロックの{ $count }件（{ $places }）は、ここでは無効になります。
hover-adds = 外側のブロックの{ $count }件（{ $places }）も、ここで有効です。
hover-replaced = 内側で独自に書いている{ $count }個のブロック（{ $places }）では無効です。
hover-own-block = このブロックだけで有効です。内側のlocationには継承されません。
hover-size = { $written }＝{ $shown }バイト
hover-size-larger = { $written }＝{ $shown }バイト（{ $larger }）
hover-time = { $written }＝{ $value }
hover-time-also = { $written }＝{ $value }（{ $also }）
hover-days = { $shown }日
hover-hours = { $shown }時間
hover-minutes = { $shown }分
hover-seconds = { $shown }秒
hover-milliseconds = { $shown }ミリ秒
hover-rate-second = { $written }＝毎秒{ $shown }リクエスト（{ $each }に1回）
hover-rate-minute = { $written }＝毎分{ $shown }リクエスト（{ $each }に1回）
hover-status-1 = 応答までの途中経過
hover-status-2 = 成功
hover-status-3 = 応答は別の場所にあるか、前回と同じ
hover-status-4 = クライアント側のエラー
hover-status-5 = サーバー側のエラー
hover-status-444 = nginx独自：応答せずに接続を閉じる
hover-status-494 = nginx独自：ヘッダーが大きすぎる。クライアントには400が返る
hover-status-495 = nginx独自：クライアント証明書が無効。クライアントには400が返る
hover-status-496 = nginx独自：クライアント証明書がない。クライアントには400が返る
hover-status-497 = nginx独自：HTTPS用のポートに平文のHTTPが届いた。クライアントには400が返る
hover-status-499 = nginx独自（ログ用）：応答の前にクライアントが接続を閉じた
hover-network = { $written }＝{ $first }から{ $last }まで：{ $shown }個のアドレス
hover-network-one = { $address }：1個のアドレス
hover-network-bits = プレフィックスより後ろのビットが0ではありません。nginxは警告を出し、{ $network }として扱います。
hover-listen-any4 = このマシンのすべてのIPv4アドレス
hover-listen-any6 = このマシンのすべてのIPv6アドレス
hover-listen-local = このマシンからのみ
hover-listen-unix = ファイルシステム上のソケット
hover-listen-one = このマシンの、このアドレスのみ
hover-listen-tls = TLS
hover-listen-quic = HTTP/3（UDP上のQUIC）
hover-listen-proxy-protocol = 接続はPROXYヘッダーで始まる
hover-listen-alone = ここで待ち受けるserverはほかにありません。
hover-listen-default-here = このアドレスのデフォルトサーバーです。どのserverの名前でもないホストへのリクエストを受けます。
hover-listen-first-here = 最初のserverなので、このアドレスのデフォルトサーバーです。どのserverの名前でもないホストへのリクエストを受けます。
hover-listen-default = どのserverの名前でもないホストへのリクエストは、`default_server`の{ $server }が受けます。
hover-listen-first = どのserverの名前でもないホストへのリクエストは、最初のserverである{ $server }が受けます。
hover-listen-shared = 同じアドレスで待ち受けるserver：{ $servers }
hover-name-exact = ホスト{ $name }（大文字と小文字は区別しません）。
hover-name-below = { $name }で終わるすべてのホスト（{ $example }など、段数は問いません）。{ $bare }自体は含みません。
hover-name-and-below = { $bare }と、{ $name }で終わるすべてのホスト。
hover-name-any-end = { $name }で始まるすべてのホスト（{ $example }など）。
hover-name-empty = `Host`のないリクエスト。
hover-name-nobody = この名前のホストは実在しません。名前を持たせないための書き方で、リクエストはアドレスのデフォルトサーバーとして受けます。
hover-name-machine = nginxの起動時のマシンのホスト名。
hover-name-taken = { $address }では無視されます。{ $server }（{ $at }）が先にこの名前を持っています。
hover-balance-turns = 重みに応じて順番に振り分けます。
hover-balance-least-conn = 重みを考慮し、接続の最も少ないサーバーに振り分けます。
hover-balance-ip-hash = クライアントのアドレスで決まります。同じアドレスからは常に同じサーバーです。
hover-balance-hash = キーで決まります。同じキーなら常に同じサーバーです。
hover-balance-random = 重みに応じて無作為に振り分けます。
hover-balance-least-time = 重みを考慮し、応答が最も速く接続の少ないサーバーに振り分けます。
hover-upstream-used = リクエストの渡し元：{ $places }
hover-upstream-asked = リクエストの渡し元：{ $at }
hover-server-down = 使われません
hover-server-backup = ほかがすべて応答しないときだけ使われます
hover-server-only = すべてのリクエスト
hover-server-share = リクエスト{ $total }件中{ $weight }件（{ $percent }%）
hover-server-weight = 重み{ $total }中{ $weight }（{ $percent }%）
hover-server-fails = { $timeout }以内に{ $fails }回失敗すると、その間は外されます
hover-server-never-out = 失敗しても外されません
hover-server-connections = 同時接続は最大{ $connections }
hover-regex-of-case = { $regex }は、順に次のものに一致します：
hover-regex-of-caseless = { $regex }は、大文字と小文字を区別せず、順に次のものに一致します：
hover-regex-refused = PCRE2は{ $regex }を受け付けません：{ $problem }
hover-regex-look-around = 先読みか後読みがあり、厳密な意味での正規表現ではないため、部分ごとには説明できません。
hover-regex-back-reference = 後方参照があり、厳密な意味での正規表現ではないため、部分ごとには説明できません。
hover-regex-unusual = PCRE独自の書き方があるため、部分ごとには説明できません。
hover-regex-example = 一致する例：{ $text }
hover-regex-text = 文字列{ $text }
hover-regex-nothing = なし
hover-regex-dot = 任意の文字
hover-regex-start = 先頭
hover-regex-end = 末尾
hover-regex-boundary = 単語の境界
hover-regex-no-boundary = 単語の境界以外
hover-regex-digit = 数字
hover-regex-no-digit = 数字以外の文字
hover-regex-blank = 空白
hover-regex-no-blank = 空白以外の文字
hover-regex-word = 英数字か`_`
hover-regex-no-word = 英数字と`_`以外の文字
hover-regex-one-of = { $items }
hover-regex-none-of = { $items }以外の文字
hover-regex-flag = 以降の読み方の指定
hover-regex-flag-caseless = 以降は大文字と小文字を区別しない
hover-regex-group = { $name }に入る部分
hover-regex-bare-group = グループ
hover-regex-group-of = { $group }：{ $inside }
hover-regex-either = 次の{ $count }個のどれか：
hover-regex-branch = その1つ：
hover-regex-repeated = { $what }、{ $times }
hover-regex-repeat = { $times }：
hover-regex-optional = なしか1回
hover-regex-any-times = 0回以上
hover-regex-once-or-more = 1回以上
hover-regex-exactly = { $count }回
hover-regex-at-least = { $count }回以上
hover-regex-between = { $low }回から{ $high }回
hover-variable-since = { $package } { $since }以降
hover-variable-nobody = ここから見える範囲に設定するものがなく、既知のモジュールの変数でもありません。
hover-variable-example = ここでの例：リクエスト{ $request }では{ $value }
hover-variable-here = ここでは{ $value }（{ $at }）
hover-set-by = { $written }（{ $at }）で設定
hover-set-by-group = { $written }（{ $at }）でキャプチャ
hover-prefix-http = リクエストヘッダー{ $name }。クライアントが送らなければ空です。
hover-prefix-sent-http = クライアントへ送る応答のヘッダー{ $name }。
hover-prefix-sent-trailer = クライアントへ送る応答のトレーラー{ $name }。
hover-prefix-upstream-http = upstreamの応答のヘッダー{ $name }。
hover-prefix-upstream-trailer = upstreamの応答のトレーラー{ $name }。
hover-prefix-upstream-cookie = upstreamが応答で設定するクッキー{ $name }。
hover-prefix-cookie = リクエストのクッキー{ $name }。
hover-prefix-arg = クエリの引数{ $name }。{ $example }の`=`の後ろです。
hover-capture = 最後に一致した正規表現のグループ{ $number }の内容
hover-capture-own = { $regex }のグループです。
hover-capture-around = 途中でほかの正規表現が一致しなければ、{ $block }（{ $at }）のグループです。
hover-certificate-file = { $count ->
    [0] { $file }に証明書はありません。
   *[other] { $file }の証明書は{ $count }個です。
}
hover-certificate-unread = 読み取れない証明書です。
hover-certificate-names = 名前：{ $names }
hover-certificate-issuer = 発行者：{ $issuer }
hover-certificate-self = 自己署名
hover-certificate-valid = 有効期間：{ $from }から{ $until }まで
hover-certificate-left = 有効期間：{ $from }から{ $until }まで（残り{ $count }日）
hover-certificate-expired = **期限切れ**：{ $until }まで（{ $count }日前。{ $from }から有効でした）
hover-certificate-early = **まだ有効ではありません**：{ $from }から（{ $count }日後）{ $until }まで
hint-default-server = デフォルトサーバー
hint-default-server-why = { $address }で待ち受ける{ $count }個のserverの最初で、`default_server`の指定がないため、どのserverの名前でもないホストへのリクエストを受けます
hint-never = 到達しない
hint-taken = 到達しない → { $takers }
hint-taken-why = ここで応答するリクエストはありません。{ $takers }が受け取ります
hint-never-why = ここで応答するリクエストはありません
hint-location = { $location }（{ $line }行目）
hint-hands-on = → { $to }
hint-hands-on-why = `{ $by }`がすべてのリクエストをそこへ送ります
hint-files = { $path }
hint-files-why = `{ $by }`（{ $at }）による
signature-flag = `on`か`off`
signature-size = サイズ：バイト数。`k`、`m`も可
signature-offset = サイズ：バイト数。`k`、`m`、`g`も可
signature-time = 時間：秒数。`ms`、`s`、`m`、`h`、`d`も可
signature-seconds = 時間：秒数。`s`、`m`、`h`、`d`も可
signature-number = 数
signature-number-from = { $low }以上の数
signature-number-between = { $low }から{ $high }までの数
signature-template = 変数を含められる文字列
signature-regex = 正規表現（PCRE）
signature-variable = 変数：`$name`
signature-file = ファイル
signature-folder = フォルダー
signature-path = ファイルかフォルダー
signature-url = URL：`http://host:port/uri`
signature-address = アドレス：`host:port`、`unix:/path`、またはupstreamの名前
signature-listen = 待ち受け先：ポート、`address:port`、`unix:/path`
signature-cidr = アドレスかネットワーク：`10.0.0.0/8`
signature-uri = このserverのURIか、名前付きlocation
signature-name = `{ $directive }`で定義した名前
signature-zone = 名前とメモリ量：`name:10m`
signature-rate = 毎秒または毎分の回数：`10r/s`、`30r/m`
signature-access = アクセス権：`user:rw`、`all:r`
signature-condition = 括弧で囲んだ条件
signature-status = HTTPステータス
signature-request-header = リクエストヘッダー名
signature-response-header = レスポンスヘッダー名
signature-mime = MIMEタイプ
signature-method = HTTPメソッド
signature-ciphers = OpenSSLの書き方による暗号スイートの一覧
signature-server-name = ホスト、`*.host`、`host.*`、`~regex`のいずれか

## Completion
complete-default-value = デフォルト
complete-default = デフォルト：{ $value }
complete-contexts = 書ける場所：{ $contexts }
complete-contexts-all = どのブロックにも書けます
complete-module = モジュール：{ $module }
complete-module-since = モジュール：{ $module }（{ $since }以降）
complete-documentation = [ドキュメント]({ $page })
## Which directive stands where

nginx-says = nginxのメッセージ：{ $text }
settings-version = `{ $version }`はバージョンではありません。`"1.24.0"`のように書いてください
settings-module = `{ $name }`というパッケージはありません。あるのは{ $known }です
misplaced-directive-summary = 書けないブロックにあるディレクティブと、書けるブロック
misplaced-directive-says = `{ $name }`は{ $here }には書けません。書けるのは{ $places }だけです
misplaced-directive-protocol = `{ $name }`は{ $here }には書けません。{ $own }にこのディレクティブはなく、{ $protocols }のもので、書けるのは{ $places }です
misplaced-directive-at-top = 最上位
misplaced-directive-in-location-if = locationの`if`の中
misplaced-directive-in-server-if = serverの`if`の中
misplaced-directive-in-block = `{ $block }`の中
misplaced-directive-in-block-of = { $protocol }の`{ $block }`の中
misplaced-directive-block = これを含むブロック
argument-count-summary = 引数が多すぎる、または足りないディレクティブ、ブロックのないディレクティブ
argument-count-says = `{ $name }`の引数は{ $wanted }ですが、ここには{ $count ->
    [0] ありません
   *[other] { $count }個あります
}
argument-count-none = 0個
argument-count-exact = { $count }個
argument-count-least = { $count }個以上
argument-count-range = { $least }〜{ $most }個
argument-count-some = { $counts }個
argument-count-needs-block = `{ $name }`にはブロックが必要です。`;`の代わりに` {"{"} … {"}"}`と書いてください
argument-count-no-block = `{ $name }`はブロックを取りません。`;`で終わります
argument-count-syntax = 書式は`{ $syntax }`です
duplicate-directive-summary = ブロックに1つしか書けないものが2つある
duplicate-directive-one = 1つの{ $block }に書ける`{ $name }`は1つだけです
duplicate-directive-one-here = ここに書ける`{ $name }`は1つだけです
duplicate-directive-both = `{ $first }`と`{ $second }`は1つの{ $block }に同時に書けません
duplicate-directive-both-here = ここに`{ $first }`と`{ $second }`は同時に書けません
duplicate-directive-zone = 1つの{ $block }に、ゾーン{ $zone }の`{ $name }`は1つしか書けません
duplicate-directive-read-twice = このファイルはこのブロックで2回読まれるため、これも2回になります
unknown-directive-summary = どのディレクティブにもない名前（誤記、廃止、未知のモジュール）
unknown-directive-says = `{ $name }`はnginxのディレクティブでも、既知のモジュールのディレクティブでもありません
unknown-directive-blank = nginxは`{ $name }`を1つの名前として読みます。`{ $written }`と書いてください
unknown-directive-comment = `{ $name }`というディレクティブはありません。nginxのコメントは`#`で始まります
unknown-directive-make-comment = この行をコメントにする
unknown-directive-near = `{ $name }`というディレクティブはありません。`{ $near }`ではありませんか
unknown-directive-several = `{ $name }`というディレクティブはありません。{ $near }ではありませんか
unknown-directive-gone = `{ $name }`はnginx { $removed }で廃止されました
unknown-directive-replace = `{ $near }`と書く
unknown-directive-settles = 独自のモジュールのディレクティブなら、nginx-analyzer.tomlの`[nginx]`に`directives = ["{ $name }"]`と書いてください
## Rule: invalid-value

invalid-value-takes = `{ $name }`に書けるのは{ $what }で、`{ $value }`は書けません：nginxは起動を拒否します
invalid-value-option-takes = `{ $name }`の`{ $option }=`に書けるのは{ $what }で、`{ $value }`は書けません：nginxは起動を拒否します
invalid-value-no-option = `{ $name }`に`{ $value }`というオプションはありません：nginxは起動を拒否します（使えるのは{ $what }）
invalid-value-variable = `{ $name }`では変数を使えません：nginxは`{ $value }`を文字どおりに読み、起動を拒否します
invalid-value-dollar = `{ $value }`の`$`の後に名前がありません：nginxは変数として読もうとし、起動を拒否します
invalid-value-brace = `{ $value }`の変数を閉じる`{"}"}`がありません：nginxは起動を拒否します
invalid-value-address-host = `{ $name }`の`{ $value }`にはホストがありません：nginxは起動を拒否します
invalid-value-address-path = `{ $name }`に書けるのはホストとポートだけで、`{ $value }`にはそれ以外のものがあります：nginxは起動を拒否します
invalid-value-address-port = `{ $name }`の`{ $value }`のポートが1～65535ではありません：nginxは起動を拒否します
invalid-value-address-range = ポートの範囲`{ $value }`は終わりが始まりより前です：nginxは起動を拒否します
invalid-value-address-ipv6 = `{ $name }`の`{ $value }`はIPv6アドレスではありません：nginxは起動を拒否します
invalid-value-address-unix = `{ $name }`の`{ $value }`にはソケットのパスが必要です：nginxは起動を拒否します
invalid-value-address-long = ソケットのパス`{ $value }`は上限の107バイトより長いです：nginxは起動を拒否します
invalid-value-if-open = `if`の条件は括弧の中に書きますが、開き括弧がありません：nginxは起動を拒否します
invalid-value-if-close = `if`の条件は括弧の中に書きますが、閉じ括弧がありません：nginxは起動を拒否します
invalid-value-if-words = `if`の条件は1つだけで、空白で区切った3語（変数、演算子、値）までです：nginxは起動を拒否します
invalid-value-if-operator = `{ $value }`は`if`の演算子（`=`、`!=`、`~`、`~*`、`!~`、`!~*`、`-f`、`-d`、`-e`、`-x`）ではありません：nginxは起動を拒否します
invalid-value-if-start = `if`の条件は変数かファイルの検査（`-f`、`-d`、`-e`、`-x`）で始まり、`{ $value }`では始まりません：nginxは起動を拒否します
invalid-value-missing = `{ $name }`には`{ $option }`が必要です：なければnginxは起動を拒否します
invalid-value-small = `{ $name }`の`{ $value }`は小さすぎます：nginxは{ $least }以上を求め、起動を拒否します
invalid-value-scheme = `{ $name }`のURLは{ $schemes }で始まります：`{ $value }`ではnginxは起動を拒否します
invalid-value-empty = `{ $name }`のここに空の文字列は書けません：nginxは起動を拒否します
invalid-value-499 = 499（クライアントの切断）はnginx専用で、`error_page`に書けません：nginxは起動を拒否します
invalid-value-status-range = `{ $name }`に書けるステータスは{ $low }～{ $high }で、`{ $value }`は書けません：nginxは起動を拒否します
invalid-value-no-status = `{ $name }`のここにはステータスを書きますが、`{ $value }`はステータスではありません：nginxは起動を拒否します
invalid-value-return-text = `return`では`{ $value }`の前にステータスが必要です（スキーム付きのURLだけは単独で書けます）：nginxは起動を拒否します
invalid-value-daily = `expires`の`{ $value }`は時刻です：24時間を超えられず、`modified`の後にも書けません。nginxは起動を拒否します
invalid-value-modifier = `{ $value }`は`location`の修飾子（`=`、`^~`、`~`、`~*`）ではなく、名前を2つ書くこともできません：nginxは起動を拒否します
invalid-value-wildcard = 名前`{ $value }`で`*`が使えるのは最初または最後の部分全体だけで（`*.example.com`、`www.*`）、空の部分も許されません：nginxは起動を拒否します
invalid-value-no-variable = `{ $name }`のここには`$`で始まる変数を書きます。`{ $value }`では、nginxは起動を拒否します
invalid-value-levels = `{ $value }`：キャッシュの階層は1～3個の数で、それぞれ1か2です（`levels=1:2`）。nginxは起動を拒否します
invalid-value-pair = `{ $name }`の行はキーと値の2語だけです：nginxは起動を拒否します
invalid-value-local = `{ $name }`にはこのマシンのアドレス（10.0.0.1など）を書きます。`{ $value }`のような名前は引かれず、nginxは起動を拒否します
invalid-value-network = `{ $name }`のここにはアドレスか10.0.0.0/8のようなネットワークを書きます。`{ $value }`では、nginxは起動を拒否します
invalid-value-range = `ranges`のある`geo`の行は10.0.0.0-10.0.0.255のようなアドレスの範囲で始まり、`{ $value }`では始まりません：nginxは起動を拒否します
invalid-value-ranges-first = `ranges`は`geo`のほかの行より前に書く必要があります：nginxは起動を拒否します
invalid-value-percent = `{ $value }`は0.5%のような百分率（小数は2桁まで）ではありません：nginxは起動を拒否します
invalid-value-percent-total = この行で`split_clients`の合計が100%を超えます：nginxは起動を拒否します
invalid-value-behind-off = `{ $name }`の`off`の後には何も置けませんが、`{ $value }`があります：nginxは起動を拒否します
invalid-value-regex = PCREは正規表現`{ $pattern }`を拒否し（{ $why }）、nginxは起動を拒否します
invalid-value-upstream-port = `{ $upstream }`はupstreamで、ポートはそのサーバーが持っています：ポート{ $port }を書くとnginxは起動を拒否します
invalid-value-upstream = そのupstream
invalid-value-no-port = `{ $name } { $host }`にはポートがなく、その名前の`upstream`もありません：nginxは起動を拒否します
invalid-value-stream-port = `stream`のupstreamのサーバー`{ $host }`にはポートが必要です：nginxは起動を拒否します
invalid-value-kind-flag = `on`か`off`
invalid-value-kind-size = 8kや1mのようなサイズ
invalid-value-kind-offset = 512k、10m、1gのようなサイズ
invalid-value-kind-time = 500ms、60s、5mのような時間
invalid-value-kind-seconds = 30s、10m、1dのような時間
invalid-value-kind-number = 数
invalid-value-kind-range = { $low }～{ $high }の数
invalid-value-kind-least = { $low }以上の数
invalid-value-kind-cidr = アドレスか10.0.0.0/8のようなネットワーク
invalid-value-kind-zone = name:10mのような名前とサイズ
invalid-value-kind-rate = 10r/sや30r/mのような頻度
invalid-value-kind-access = user:rwやgroup:rのような権限
invalid-value-kind-status = ステータス
invalid-value-kind-text = 文字列
invalid-value-summary = nginxが拒否する引数：サイズ、時間、語、アドレス、正規表現など
unknown-directive-newer = `{ $name }`はnginx { $since }で追加されたディレクティブです
unknown-directive-plus = `{ $name }`はNGINX Plusのディレクティブです
unknown-directive-package = `{ $name }`はモジュール{ $package }のディレクティブで、このモジュールはありません
unknown-directive-load = 動的モジュールはメインの設定の最上位で読み込みます：`load_module modules/{ $module }.so;`
unknown-directive-built = 組み込まれている場合は、設定の`[nginx]`に`modules = ["{ $package }"]`と書いてください
reader-version-settings = { $file }によるとnginx { $version }です
reader-version-image = イメージ{ $image }によるとnginx { $version }です
reader-version-unknown = バージョンは不明です。{ $file }の`[nginx]`に`version = "1.24.0"`のように書けます
reader-flavour-settings = { $file }によると{ $flavour }です
reader-flavour-image = イメージ{ $image }によると{ $flavour }です
deprecated-directive-summary = 非推奨、無効、または廃止されたディレクティブやパラメータ
deprecated-directive-gone = `{ $what }`はnginx { $version }で廃止されました
deprecated-directive-idle = `{ $what }`はnginx { $version }から効果がありません
deprecated-directive-deprecated = `{ $what }`はnginx { $version }から非推奨です
deprecated-directive-discouraged = `{ $what }`は推奨されません
deprecated-directive-instead = { $said }。代わりに`{ $instead }`と書きます
deprecated-directive-remove = `{ $word }`を削除する
deprecated-directive-http2 = `http2 on;`と書く
deprecated-directive-ssl = 各`listen`に`ssl`と書く
deprecated-directive-write = `{ $instead }`と書く

## Rule: duplicate-definition

duplicate-definition-named = `{ $kind } { $name }`がほかにもあります：nginxは起動を拒否します
duplicate-definition-combined = `log_format combined`はnginxが自分で持っていて、もう1つあると起動を拒否します
duplicate-definition-zone = ゾーン{ $name }の`{ $kind }`がほかにもあります：nginxは起動を拒否します
duplicate-definition-use = 共有メモリー{ $name }はすでに`{ $used }`のものです：1つの名前の用途は1つだけで、nginxは起動を拒否します
duplicate-definition-size = 共有メモリー{ $name }は最初に書かれた所とサイズが違います：nginxは起動を拒否します
duplicate-definition-variable = 変数`{"$"}{ $name }`はnginx自身のもので、設定できません：nginxは起動を拒否します
duplicate-definition-host = `{ $other }`と`{ $key }`は同じ名前の行です（`.x`は`x`と`*.x`を兼ねます）：nginxは起動を拒否します
duplicate-definition-line = `{ $key }`の行がほかにもあります（大文字と小文字は区別されません）：nginxは起動を拒否します
duplicate-definition-summary = 同じ名前のupstream、ゾーン、ログ形式、mapの行：nginxは起動を拒否します

## Rule: missing-directive

missing-directive-certificate = { $server }はTLSの{ $socket }で最初に応答しますが、`ssl_certificate`がありません：nginxは起動を拒否します
missing-directive-tls = ここでTLSが指定され、このソケットのすべてのサーバーに効きます
missing-directive-key = 証明書{ $file }には同じ階層に`ssl_certificate_key`がありません：nginxは起動を拒否します
missing-directive-events = `events`ブロックがありません：なければnginxは起動を拒否します（空でかまいません）
missing-directive-summary = なければnginxが起動できないもの：証明書、鍵、`events`

## Rule: conflicting-options

conflicting-options-listen = ソケット{ $socket }のオプションはすでに設定されています：nginxはここの`{ $option }`を拒否し、起動しません
conflicting-options-keepalive = この`keepalive`は効きません：下の`{ $method }`に置き換えられます。方式の後に書いてください
conflicting-options-methods = 下の`{ $method }`に置き換えられ、`{ $earlier }`は効きません
conflicting-options-method = 負荷分散の方式
conflicting-options-store = `{ $store }`と`{ $cache }`は1つのブロックに書けません：nginxは起動を拒否します
conflicting-options-other = もう一方
conflicting-options-two-buffers = `{ $buffers }`には2個以上のバッファーが必要です：nginxは起動を拒否します
conflicting-options-busy-small = `{ $busy }`は{ $busy_size }で、`{ $one }`と`{ $buffers }`の最大のバッファー（{ $largest }）より小さいです：nginxは起動を拒否します
conflicting-options-busy-large = { $set ->
    [yes] `{ $busy }`は{ $busy_size }
   *[other] `{ $busy }`は設定がなければ最大のバッファー（{ $largest }）の2倍の{ $busy_size }
}ですが、`{ $buffers }`から1個を引いた{ $most }（{ $each }が{ $count }個）までです：nginxは起動を拒否します
conflicting-options-write-small = `{ $write }`は最大のバッファー（{ $largest }）より小さいです：nginxは起動を拒否します
conflicting-options-file-small = `{ $file }`は最大のバッファー（{ $largest }）より小さく、0でもありません：nginxは起動を拒否します
conflicting-options-page = サイズの設定がないバッファーはメモリーの1ページの大きさです：ここでは4kとしています
conflicting-options-summary = 両立しない設定：バッファー、`listen`のオプション、負荷分散

## エディタでのゲートウェイの地図

map-note-no-logs = ログが読み込まれていないため、どのlocationが使われているかは分かりません
map-note-no-requests = 読み込んだログには、この設定の形式のリクエストがありません
map-note-sources = アプリケーションのソースを読み込み中のため、そのルートはまだ表示されません
map-note-cut = 多すぎるため、{ $count }件のルートを省略しました
map-service = サービス{ $name }
map-image = イメージ{ $image }
map-here = このnginx自身（{ $server }）
map-outside = { $at }（{ $path }として）
map-as = { $path }として
map-inside-dead = これを囲むlocationには到達できません

## サーバーの状態

status-editor-settings = エディタの設定：{ $problem }
status-untrusted = このフォルダーは信頼されていません：外にある{ $count }件（{ $first }など）は読み込まれませんでした
status-no-log = ログ：`{ $pattern }`というファイルはありません

## includeを展開した設定

effective-title = { $file }（includeを展開）
effective-begin = configuration file { $file }:
effective-end = end of { $file }
effective-include = # include { $pattern }：
effective-none = # include { $pattern }：該当するファイルはありません
effective-kept = 展開していません：{ $why }
effective-missing = ファイル{ $file }がありません
effective-loop = { $file }が自分自身をincludeすることになります
effective-unknown = 何を指すか分かりません
effective-unread = { $file }：{ $problem }
effective-refused = { $at }の内容をnginxが受け付けません
effective-too-much = 量が多すぎます
report-document = { $folder }のレポート
## What settings are for (src/project/settings/table.rs)

settings-about = nginx-analyzerがこのワークスペースをどう読むか。どの設定も必須ではありません。
settings-about-unset = 未設定
settings-about-language = 設定ファイルについての説明に使う言語。未設定の場合は、エディターの言語、`--lang`の指定、または英語です。
settings-about-language-en = English
settings-about-language-ja = 日本語
settings-about-project-roots = メインの設定ファイル（ワークスペースからの相対パス）：`["nginx.conf"]`。指定がなければ自動で見つけます。
settings-about-nginx-version = この設定を読むnginxのバージョン：`1.24.0`。分かっていれば、まだ存在しないディレクティブや廃止されたディレクティブを報告します。設定をマウントまたはコピーするイメージからも判断します。
settings-about-nginx-flavour = この設定を読む、nginx系サーバーの種類。
settings-about-flavour-nginx = nginx
settings-about-flavour-plus = NGINX Plus
settings-about-flavour-openresty = OpenResty
settings-about-flavour-angie = Angie
settings-about-flavour-freenginx = freenginx
settings-about-nginx-modules = 標準で組み込まれているもの以外のモジュール：`brotli`、`geoip2`、`vts`など。
settings-about-nginx-directives = 独自のモジュールが提供するディレクティブの名前。
settings-about-paths = サーバー上のパスがワークスペースのどこにあたるか：`/usr/local/openresty/lualib/custom`は`lua`。composeファイルとDockerfileは指定がなくても読みます。
settings-about-logs-files = アクセスログ（ワークスペースからの相対グロブ）：`logs/*.log`、`logs/*.gz`。指定がなければ`logs/`にあるものを読みます。
settings-about-logs-window = 最新のリクエストからどこまでさかのぼって数えるか：`7d`、`36h`、`all`。
settings-about-upstreams = バックエンドが提供するもの。アップストリーム、サービス、またはホストの名前ごとに、ワークスペースのほかの場所から分からない場合に指定します。
settings-about-upstreams-routes = ルートの一覧：`GET /v2/*`、`/ping`。
settings-about-upstreams-openapi = バックエンドを記述したOpenAPIファイル（ワークスペースからの相対パス）。
settings-about-upstreams-closed = `false`：一覧にないルートもありえます。指定がなければ、一覧は完全なものとみなします。
settings-about-upstreams-base-path = すべてのルートの前に付けるパス。
settings-about-cleanup-marker = コメントアウトするとき、各行の前に付ける文字列。`#`で始まります。
settings-about-cleanup-keep-days = コメントアウトしたブロックの削除を提案するまでの日数。
settings-about-cleanup-test = クリーンアップの後に設定をテストするコマンド（単語ごとに区切る）：`["docker", "compose", "exec", "openresty", "openresty", "-t"]`。指定がなければ何も実行しません。実行するのはコマンドラインだけで、言語サーバーは実行しません。
settings-about-editor-usage = locationの利用状況（アクセスログのリクエストと呼び出し元）をエディターでどう表示するか。
settings-about-usage-auto = エディターがコードレンズに対応していればlocationの上の行、そうでなければlocationの後ろ
settings-about-usage-lens = locationの上の行（クリックできます）
settings-about-usage-inlay = locationの後ろに短く
settings-about-usage-both = 両方
settings-about-usage-off = 表示しない
settings-about-editor-hints = 暗黙に決まることのうち、その場に表示するもの。
settings-about-hint-default-server = 複数のサーバーが共有するアドレスで、明示されていないデフォルトサーバー
settings-about-hint-takeover = 使われないlocationや、すべてのリクエストを渡すlocationの代わりに、リクエストを受け取るlocation
settings-about-hint-files = locationが配信するファイルまたはフォルダー
settings-about-rules = ルールごとの報告の強さ（IDで指定）：`dead-location`は`error`。
settings-about-level-off = 報告しない
settings-about-level-hint = ヒント
settings-about-level-info = 情報
settings-about-level-warning = 警告
settings-about-level-error = エラー
