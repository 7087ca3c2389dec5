//! What packages from the registry are to an application.

/// What something of a package does in a chain of handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It answers nothing, or only refuses: `cors`, `helmet`, a client, a database.
    Harmless,
    /// It hands on what it is given: `express-async-handler`, `fastify-plugin`.
    Wrapper,
    /// It answers everything below the place where it is put: static files, a proxy, an interface.
    Answers,
    /// It makes a server of which the routes are not read.
    Server,
}

/// The name of the package of a module: `@scope/name` or `name`.
pub(super) fn package(module: &str) -> &str {
    let module = module.strip_prefix("node:").unwrap_or(module);
    let slashes = if module.starts_with('@') { 2 } else { 1 };
    match module.match_indices('/').nth(slashes - 1) {
        Some((at, _)) => module.get(..at).unwrap_or(module),
        None => module,
    }
}

/// What a package is; `None` for one that is not known.
pub(super) fn role(module: &str) -> Option<Role> {
    let name = package(module);
    let found = |list: &[&str]| list.contains(&name);
    if found(WRAPPERS) {
        Some(Role::Wrapper)
    } else if found(ANSWER)
        || module == "serve-static"
        || module.ends_with("/serve-static") && !module.starts_with("@nestjs/")
        || module == "hono/proxy"
    {
        Some(Role::Answers)
    } else if found(SERVERS) {
        Some(Role::Server)
    } else if found(HARMLESS) || HARMLESS_SCOPES.iter().any(|scope| name.starts_with(scope)) {
        Some(Role::Harmless)
    } else {
        None
    }
}

const WRAPPERS: &[&str] = &["express-async-handler", "fastify-plugin", "express-promise-router-wrap", "koa-compose", "koa-convert"];

const ANSWER: &[&str] = &[
    "@apollo/server",
    "@fastify/http-proxy",
    "@fastify/static",
    "@scalar/express-api-reference",
    "@scalar/hono-api-reference",
    "connect-history-api-fallback",
    "express-http-proxy",
    "express-static-gzip",
    "express-winston-ui",
    "fastify-http-proxy",
    "fastify-static",
    "graphql-http",
    "graphql-yoga",
    "http-proxy-middleware",
    "koa-proxies",
    "koa-proxy",
    "koa-send",
    "koa-static",
    "koa-static-cache",
    "koa2-swagger-ui",
    "serve-index",
    "swagger-ui-dist",
    "swagger-ui-express",
];

const SERVERS: &[&str] = &[
    "@adonisjs/core",
    "@feathersjs/express",
    "@feathersjs/koa",
    "@hapi/hapi",
    "@loopback/rest",
    "@remix-run/express",
    "@remix-run/serve",
    "@sveltejs/kit",
    "@tsed/common",
    "elysia",
    "fets",
    "find-my-way",
    "h3",
    "itty-router",
    "json-server",
    "meteor",
    "moleculer-web",
    "nuxt",
    "polka",
    "restana",
    "restify",
    "routing-controllers",
    "sails",
    "tsoa",
    "uWebSockets.js",
];

/// Whole families that answer nothing by themselves.
const HARMLESS_SCOPES: &[&str] = &[
    "@angular/",
    "@aws-sdk/",
    "@azure/",
    "@google-cloud/",
    "@opentelemetry/",
    "@prisma/",
    "@sentry/",
    "@tanstack/",
    "@testing-library/",
    "@types/",
];

const HARMLESS: &[&str] = &[
    "@elastic/elasticsearch",
    "@fastify/accepts",
    "@fastify/auth",
    "@fastify/aws-lambda",
    "@fastify/basic-auth",
    "@fastify/bearer-auth",
    "@fastify/caching",
    "@fastify/circuit-breaker",
    "@fastify/compress",
    "@fastify/cookie",
    "@fastify/cors",
    "@fastify/csrf-protection",
    "@fastify/env",
    "@fastify/etag",
    "@fastify/express",
    "@fastify/flash",
    "@fastify/formbody",
    "@fastify/helmet",
    "@fastify/hotwire",
    "@fastify/jwt",
    "@fastify/kafka",
    "@fastify/middie",
    "@fastify/mongodb",
    "@fastify/multipart",
    "@fastify/mysql",
    "@fastify/postgres",
    "@fastify/rate-limit",
    "@fastify/redis",
    "@fastify/reply-from",
    "@fastify/request-context",
    "@fastify/response-validation",
    "@fastify/schedule",
    "@fastify/secure-session",
    "@fastify/sensible",
    "@fastify/session",
    "@fastify/swagger",
    "@fastify/url-data",
    "@fastify/view",
    "@fastify/websocket",
    "@hono/zod-validator",
    "@koa/bodyparser",
    "@koa/cors",
    "@koa/multer",
    "@nestjs/axios",
    "@nestjs/bull",
    "@nestjs/bullmq",
    "@nestjs/cache-manager",
    "@nestjs/common",
    "@nestjs/config",
    "@nestjs/cqrs",
    "@nestjs/elasticsearch",
    "@nestjs/event-emitter",
    "@nestjs/jwt",
    "@nestjs/mapped-types",
    "@nestjs/microservices",
    "@nestjs/mongoose",
    "@nestjs/passport",
    "@nestjs/schedule",
    "@nestjs/sequelize",
    "@nestjs/terminus",
    "@nestjs/throttler",
    "@nestjs/typeorm",
    "@nestjs/websockets",
    "apicache",
    "assert",
    "axios",
    "bcrypt",
    "body-parser",
    "bunyan",
    "celebrate",
    "chalk",
    "child_process",
    "cluster",
    "compression",
    "config",
    "connect-flash",
    "connect-redis",
    "connect-timeout",
    "cookie-parser",
    "cookie-session",
    "cors",
    "cross-fetch",
    "crypto",
    "csrf",
    "csurf",
    "date-fns",
    "dayjs",
    "dotenv",
    "errorhandler",
    "events",
    "express-basic-auth",
    "express-bearer-token",
    "express-brute",
    "express-busboy",
    "express-ejs-layouts",
    "express-fileupload",
    "express-flash",
    "express-handlebars",
    "express-jwt",
    "express-mongo-sanitize",
    "express-oauth2-jwt-bearer",
    "express-pino-logger",
    "express-rate-limit",
    "express-request-id",
    "express-session",
    "express-slow-down",
    "express-validator",
    "express-winston",
    "fs",
    "fs-extra",
    "got",
    "helmet",
    "hpp",
    "http-errors",
    "http-status",
    "http-status-codes",
    "i18next",
    "i18next-http-middleware",
    "ioredis",
    "joi",
    "jsonwebtoken",
    "kafkajs",
    "keyv",
    "knex",
    "koa-better-body",
    "koa-body",
    "koa-bodyparser",
    "koa-compress",
    "koa-conditional-get",
    "koa-cors",
    "koa-error",
    "koa-etag",
    "koa-helmet",
    "koa-json",
    "koa-jwt",
    "koa-logger",
    "koa-morgan",
    "koa-multer",
    "koa-onerror",
    "koa-passport",
    "koa-pino-logger",
    "koa-ratelimit",
    "koa-response-time",
    "koa-session",
    "koa-views",
    "ky",
    "lodash",
    "lru-cache",
    "lusca",
    "method-override",
    "moment",
    "mongodb",
    "mongoose",
    "morgan",
    "multer",
    "mysql",
    "mysql2",
    "nestjs-pino",
    "nock",
    "node-cache",
    "node-fetch",
    "nocache",
    "nodemailer",
    "os",
    "passport",
    "path",
    "pg",
    "pino",
    "pino-http",
    "prom-client",
    "querystring",
    "ramda",
    "rate-limiter-flexible",
    "redis",
    "reflect-metadata",
    "request",
    "request-promise",
    "response-time",
    "rxjs",
    "sequelize",
    "stream",
    "superagent",
    "supertest",
    "timers",
    "typeorm",
    "undici",
    "url",
    "util",
    "uuid",
    "winston",
    "ws",
    "x-xss-protection",
    "xss-clean",
    "yup",
    "zod",
    "zlib",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages() {
        assert_eq!(package("@fastify/static/lib/x"), "@fastify/static");
        assert_eq!(package("node:http"), "http");
        assert_eq!(role("cors"), Some(Role::Harmless));
        assert_eq!(role("@hono/node-server/serve-static"), Some(Role::Answers));
        assert_eq!(role("left-pad"), None);
        assert!(HARMLESS.iter().all(|name| !ANSWER.contains(name) && !SERVERS.contains(name)));
    }
}
