//! What is known of other people's modules: which of them add no routes, and which are frameworks that are not read.

/// Modules that neither are nor make apps and routers, and that add no routes to one that they are given. All below them is meant too.
/// Sorted.
const HARMLESS: &[&str] = &[
    "PIL",
    "abc",
    "aio_pika",
    "aiobotocore",
    "aiofiles",
    "aiokafka",
    "aiomysql",
    "aioredis",
    "aiosqlite",
    "alembic",
    "anthropic",
    "anyio",
    "apscheduler",
    "argparse",
    "asgi_correlation_id",
    "asgiref",
    "asyncio",
    "asyncpg",
    "atexit",
    "authlib",
    "azure",
    "base64",
    "bcrypt",
    "beanie",
    "boto3",
    "botocore",
    "bs4",
    "celery",
    "click",
    "corsheaders",
    "cryptography",
    "csv",
    "ctypes",
    "databases",
    "dataclasses",
    "datetime",
    "decimal",
    "dj_database_url",
    "django",
    "django_filters",
    "django_redis",
    "dotenv",
    "elasticsearch",
    "enum",
    "faker",
    "fastapi",
    "fastapi_cache",
    "fastapi_limiter",
    "fastapi_pagination",
    "flask",
    "flask_babel",
    "flask_bcrypt",
    "flask_caching",
    "flask_compress",
    "flask_cors",
    "flask_jwt_extended",
    "flask_limiter",
    "flask_login",
    "flask_mail",
    "flask_marshmallow",
    "flask_migrate",
    "flask_mongoengine",
    "flask_pymongo",
    "flask_restful",
    "flask_restx",
    "flask_session",
    "flask_sqlalchemy",
    "flask_talisman",
    "flask_wtf",
    "google",
    "gunicorn",
    "hashlib",
    "hmac",
    "html",
    "httpx",
    "hypercorn",
    "inspect",
    "itsdangerous",
    "jinja2",
    "jose",
    "json",
    "jwt",
    "kafka",
    "langchain",
    "logging",
    "loguru",
    "marshmallow",
    "math",
    "minio",
    "mongoengine",
    "motor",
    "msgpack",
    "multiprocessing",
    "mysql",
    "nltk",
    "numpy",
    "openai",
    "opentelemetry",
    "orjson",
    "os",
    "pandas",
    "passlib",
    "pathlib",
    "peewee",
    "pickle",
    "pika",
    "platform",
    "pprint",
    "psutil",
    "psycopg",
    "psycopg2",
    "pydantic",
    "pydantic_settings",
    "pymongo",
    "pymysql",
    "pytz",
    "queue",
    "random",
    "re",
    "redis",
    "requests",
    "rest_framework",
    "rest_framework_simplejwt",
    "rich",
    "scipy",
    "secrets",
    "sentry_sdk",
    "shutil",
    "signal",
    "simplejson",
    "sklearn",
    "slowapi",
    "smtplib",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "sqlmodel",
    "ssl",
    "starlette",
    "statistics",
    "stripe",
    "structlog",
    "subprocess",
    "sys",
    "tempfile",
    "tenacity",
    "tensorflow",
    "textwrap",
    "threading",
    "time",
    "toml",
    "torch",
    "tortoise",
    "traceback",
    "transformers",
    "typer",
    "types",
    "typing",
    "typing_extensions",
    "ujson",
    "unittest",
    "urllib",
    "urllib3",
    "uuid",
    "uvicorn",
    "uvloop",
    "waitress",
    "warnings",
    "watchdog",
    "weakref",
    "websockets",
    "werkzeug",
    "wtforms",
    "xml",
    "yaml",
    "zipfile",
    "zoneinfo",
];

/// Parts of harmless modules that are not: they make, wrap or take apps and routers. All below them is meant too.
const MAKERS: &[&str] = &[
    "django.urls",
    "fastapi.APIRouter",
    "fastapi.FastAPI",
    "fastapi.applications",
    "fastapi.middleware.wsgi",
    "fastapi.routing.APIRouter",
    "fastapi.staticfiles",
    "flask.Blueprint",
    "flask.Flask",
    "flask.current_app",
    "flask.views",
    "flask_restful.Api",
    "flask_restx.Api",
    "flask_restx.Namespace",
    "rest_framework.routers",
    "rest_framework.urlpatterns",
    "starlette.applications",
    "starlette.middleware.wsgi",
    "starlette.routing",
    "starlette.staticfiles",
    "werkzeug.middleware.dispatcher",
    "werkzeug.middleware.http_proxy",
    "werkzeug.middleware.shared_data",
    "werkzeug.routing",
    "werkzeug.wsgi",
];

/// Frameworks that are read.
const READ: &[&str] = &["django", "fastapi", "flask", "flask_restful", "flask_restx", "rest_framework", "starlette"];

/// Frameworks and servers that answer requests by themselves and are not read, and extensions that add routes to what they find.
const SERVERS: &[&str] = &[
    "aiohttp.web",
    "blacksheep",
    "bottle",
    "channels",
    "cherrypy",
    "connexion",
    "dash",
    "eve",
    "falcon",
    "fastmcp",
    "flask_admin",
    "flask_appbuilder",
    "flask_security",
    "flask_smorest",
    "flask_socketio",
    "gradio",
    "http.server",
    "hug",
    "litestar",
    "mcp.server",
    "molten",
    "muffin",
    "ninja",
    "nicegui",
    "pyramid",
    "quart",
    "responder",
    "robyn",
    "sanic",
    "socketio",
    "socketserver",
    "starlite",
    "streamlit",
    "tornado.web",
    "twisted.web",
    "web",
    "webpy",
    "whitenoise",
    "wsgiref",
];

fn below(dotted: &str, module: &str) -> bool {
    dotted.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// True for a name of a module of which nothing adds routes.
pub(super) fn harmless(dotted: &str) -> bool {
    let first = dotted.split('.').next().unwrap_or_default();
    let known = HARMLESS.binary_search(&first).is_ok();
    known && !MAKERS.iter().any(|maker| below(dotted, maker)) && dotted != "django.conf.settings"
}

/// True for a name of a framework that is read.
pub(super) fn read(dotted: &str) -> bool {
    READ.iter().any(|module| below(dotted, module))
}

/// True for what makes an app by itself of another kind.
pub(super) fn serves(dotted: &str) -> bool {
    SERVERS.iter().any(|server| below(dotted, server))
}

/// True for the text of a file that may have to do with routes.
pub(super) fn is_web(text: &str) -> bool {
    ["fastapi", "starlette", "flask", "django", "urlpatterns", "APIRouter", "Blueprint"].iter().any(|word| text.contains(word))
}

/// Functions that Python has by itself.
const BUILTINS: &[&str] = &[
    "Exception",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "dict",
    "dir",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "print",
    "property",
    "range",
    "repr",
    "round",
    "set",
    "setattr",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// True for a function that Python has by itself, none of which adds routes.
pub(super) fn builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(HARMLESS.is_sorted());
        assert!(BUILTINS.is_sorted());
    }

    #[test]
    fn makers_are_not_harmless() {
        assert!(harmless("flask_sqlalchemy.SQLAlchemy"));
        assert!(harmless("fastapi.Depends"));
        assert!(!harmless("fastapi.APIRouter"));
        assert!(!harmless("fastapix"));
        assert!(!harmless("flask_admin.Admin"));
    }
}
