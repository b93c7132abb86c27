# Debian's Python does as well: scripts/build-image.sh builds on a base of its own making.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS builder

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /opt/venv
COPY requirements.lock .
# Wheels only: nothing of a package runs while the image is built. pip compiles what it installs;
# afterwards the product has no use for it, nor for pandas' own tests, C headers, and the parts of
# Arrow that speak to other systems.
RUN /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r requirements.lock \
    && /opt/venv/bin/pip uninstall --yes pip \
    && find /opt/venv/lib \( -path '*/pandas/tests' -o -path '*/pyarrow/tests' \
        -o -path '*/pyarrow/include' -o -path '*/pyarrow/*flight*' -o -path '*/pyarrow/*_s3*' \) \
        -prune -exec rm -rf {} +


FROM ${BASE}

# The ids are fixed so that a host folder mounted at /app/var can be given to them.
RUN groupadd --gid 10001 datamind \
    && useradd --uid 10001 --gid datamind --no-create-home --home-dir /app/var datamind

COPY --from=builder /opt/venv /opt/venv
WORKDIR /app
COPY . .
RUN /opt/venv/bin/python -m compileall -q app core workers migrations \
    && install --directory --owner=datamind --group=datamind --mode=750 var

# The file system may be read-only: everything written goes to /app/var and /tmp.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    PORT=8501 \
    DATAMIND_HOME=/app/var

USER 10001:10001
VOLUME /app/var
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["./datamind", "run"]
