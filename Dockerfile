# Handoff in one image: `docker build -t handoff .`; what it runs is the argument (web, worker, clock, migrate, …).
# The first stage has pip and makes the environment; the second has Python, the environment and the program.
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.txt deploy/requirements-telemetry.txt ./
# Every file is checked against its hash; nothing is compiled here.
RUN /app/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
        -r requirements.txt -r requirements-telemetry.txt \
    && /app/.venv/bin/pip uninstall --yes --quiet pip \
    && find /app/.venv -name __pycache__ -prune -exec rm -rf {} +

FROM python:3.11-slim
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONSAFEPATH=1 PYTHONPATH=/app \
    HOST=0.0.0.0 PORT=3000
RUN useradd --system --uid 10001 --no-create-home handoff
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
COPY pyproject.toml ./
COPY migrations migrations
COPY bot bot
# It writes nothing: the data is in PostgreSQL, the log goes to standard error.
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["web"]
