from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    api_prefix: str = "/api"
    title: str = "Shop"
    reports_path: str = Field(default="/reports", validation_alias="REPORTS_PATH")


@lru_cache
def get_settings() -> Settings:
    return Settings()


settings = get_settings()
