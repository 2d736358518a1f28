# syntax=docker/dockerfile:1
# The steps are the Makefile's own, so that what the tests exercise is what runs here.

FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /fovea
COPY Makefile pyproject.toml README.md LICENSE app.py fovea.py ./
COPY locks locks
COPY core core
COPY syllabus syllabus
COPY classroom classroom
COPY grading grading
COPY assignments assignments
COPY pages pages
ARG EXTRA=
RUN make setup $EXTRA && rm -rf .tools

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 fovea && install --directory --owner=fovea --mode=700 /data
WORKDIR /fovea
COPY --from=build --chown=root:root /fovea /fovea
COPY .streamlit .streamlit
USER fovea
ENV FOVEA_WARM_UP=full FOVEA_LEDGER=/data/ledger.sqlite PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=3 \
    CMD [".venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8501/api/ready', timeout=4)"]
CMD [".venv/bin/fovea", "app", "--address", "0.0.0.0"]
