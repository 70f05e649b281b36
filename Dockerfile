# One image for web, worker, beat and the commands of an operator. Build: docker compose build
FROM python:3.13-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.lock

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    ZHIBU_HOME=/srv/zhibu \
    ZHIBU_KEYRING=/srv/keys
# Volumes take owner and mode of these folders when they are new.
RUN groupadd --gid 10001 zhibu \
    && useradd --uid 10001 --gid 10001 --home-dir /srv/zhibu --no-create-home --shell /usr/sbin/nologin zhibu \
    && install -d -o 10001 -g 10001 -m 700 /srv/zhibu /srv/keys
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Owned by root: what serves cannot change itself. Hence nothing is left for `prepare` to write here (ZHIBU_BUILT).
RUN python -c "from pathlib import Path; from apps.core.stack.catalogs import compile_catalogs; compile_catalogs(Path('locale'))" \
    && SECRET_KEY=only-for-this-step ZHIBU_HOME=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q apps config \
    && rm -rf /tmp/build
ENV ZHIBU_BUILT=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-m", "apps.core.stack.probe", "http://127.0.0.1:8000/healthz", "database"]
CMD ["gunicorn", "-c", "python:config.gunicorn", "--bind", "0.0.0.0:8000"]
