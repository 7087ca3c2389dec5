from flask_monitoring_pages import Monitor
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
monitor = Monitor()
