"""The project. Importing it makes `shared_task` find the Celery application."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
