//! `composer.json`: packages that add routes.

use serde_json::Value;

use super::super::facts::{Expr, Facts, Why};
use crate::text::Span;

/// Packages of which it is known that they add none.
const HARMLESS: &[&str] = &[
    "php",
    "ext-",
    "lib-",
    "composer-",
    "laravel/framework",
    "laravel/tinker",
    "laravel/sail",
    "laravel/pint",
    "laravel/ui",
    "laravel/breeze",
    "laravel/scout",
    "laravel/socialite",
    "laravel/helpers",
    "laravel/octane",
    "laravel/prompts",
    "laravel/pail",
    "laravel/serializable-closure",
    "laravel/slack-notification-channel",
    "laravel/vonage-notification-channel",
    "fruitcake/",
    "fideloper/proxy",
    "asm89/stack-cors",
    "guzzlehttp/",
    "symfony/",
    "monolog/",
    "aws/",
    "league/",
    "nesbot/",
    "ramsey/",
    "doctrine/",
    "predis/",
    "pusher/",
    "psr/",
    "firebase/",
    "google/",
    "phpoffice/",
    "barryvdh/laravel-dompdf",
    "barryvdh/laravel-cors",
    "intervention/image",
    "maatwebsite/excel",
    "spatie/laravel-permission",
    "spatie/laravel-medialibrary",
    "spatie/laravel-activitylog",
    "spatie/laravel-query-builder",
    "spatie/laravel-data",
    "spatie/laravel-backup",
    "spatie/laravel-sluggable",
    "spatie/laravel-translatable",
    "spatie/laravel-tags",
    "spatie/laravel-csp",
    "spatie/laravel-settings",
    "tymon/jwt-auth",
    "php-open-source-saver/jwt-auth",
    "sentry/sentry-laravel",
    "stripe/",
    "twilio/",
    "kreait/",
    "vlucas/",
    "webmozart/",
    "brick/",
    "moneyphp/",
    "giggsey/",
    "opcodesio/",
    "mews/purifier",
    "staudenmeir/",
    "owen-it/",
    "awobaz/",
    "php-amqplib/",
    "vladimir-yuldashev/",
    "mongodb/",
    "jenssegers/",
    "phpseclib/",
    "bacon/",
    "ezyang/",
    "erusev/",
    "parsedown",
];

/// What packages add.
pub(super) fn read(composer: &str, facts: &mut Facts, app: &Expr) {
    let Ok(value) = serde_json::from_str::<Value>(composer) else {
        return facts.doubt(Why::Unparsed, Span::at(0));
    };
    let names = |key: &str| -> Vec<&str> {
        value.get(key).and_then(Value::as_object).map(|all| all.keys().map(String::as_str).collect()).unwrap_or_default()
    };
    let place = |name: &str| match composer.find(name) {
        Some(start) => Span::new(start as u32, (start + name.len()) as u32),
        None => Span::at(0),
    };
    let with_setting = |facts: &mut Facts, variable: &str, default: &str, span: Span| {
        let path = Expr::Join(vec![Expr::text("/"), Expr::Setting(variable.into(), Some(Box::new(Expr::text(default))))]);
        for tail in ["", "/*"] {
            facts.add_implied(app.clone(), "", span);
            if let Some(route) = facts.routes.last_mut() {
                route.path = Expr::Join(vec![path.clone(), Expr::text(tail)]);
            }
        }
    };
    let (required, dev) = (names("require"), names("require-dev"));
    for name in required.iter().chain(&dev) {
        let span = place(name);
        let mut add = |paths: &[&str]| paths.iter().for_each(|path| facts.add_implied(app.clone(), path, span));
        match *name {
            "laravel/sanctum" => {
                with_setting(facts, "SANCTUM_PREFIX", "sanctum", span);
            }
            "laravel/telescope" => with_setting(facts, "TELESCOPE_PATH", "telescope", span),
            "laravel/horizon" => with_setting(facts, "HORIZON_PATH", "horizon", span),
            "laravel/pulse" => with_setting(facts, "PULSE_PATH", "pulse", span),
            "laravel/passport" => add(&["/oauth/*", "/.well-known/*"]),
            "laravel/dusk" => add(&["/_dusk/*"]),
            "livewire/livewire" => add(&["/livewire/*", "/livewire-{x}/*"]),
            "barryvdh/laravel-debugbar" | "fruitcake/laravel-debugbar" => add(&["/_debugbar/*"]),
            "facade/ignition" | "spatie/laravel-ignition" => add(&["/_ignition/*"]),
            "itsgoingd/clockwork" => add(&["/clockwork", "/clockwork/*", "/__clockwork", "/__clockwork/*"]),
            _ if required.contains(name) && !HARMLESS.iter().any(|known| name.starts_with(known)) => facts.doubt(Why::Extension, span),
            _ => {}
        }
    }
    // Code of other folders that is loaded as a package.
    if value.get("repositories").is_some() {
        facts.doubt(Why::Extension, place("repositories"));
    }
}
