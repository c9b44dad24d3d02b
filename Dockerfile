# syntax=docker/dockerfile:1
#   docker build -t spacedb . && docker run -p 8000:8000 -v spacedb:/data spacedb

# `make pin-image` updates the digest.
ARG PYTHON_IMAGE=python:3.14-slim@sha256:a2b82f3c48559aa0a8446d9af49826b6e2b2016f4cd2afabfe6013ec53729170

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes --only-binary=:all: -r requirements.lock
COPY . .
# The key and the database are used by this command only; the image contains no secret.
RUN SECRET_KEY=build DATABASE_URL=sqlite://:memory: /venv/bin/python manage.py collectstatic --no-input

FROM ${PYTHON_IMAGE}
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=65536 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /data --create-home spacedb
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
# The database and the secret key outlive the container.
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/', timeout=4)"]
# The first process: `run` handles SIGTERM while it migrates the database, and then becomes gunicorn. Other commands are
# run with `docker run … spacedb COMMAND`, or `docker exec … python -m spacedb COMMAND`.
ENTRYPOINT ["python", "-m", "spacedb"]
CMD ["run"]
