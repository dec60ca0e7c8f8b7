# One image for every service; the command chooses which.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv /opt/shian
COPY requirements.lock ./
RUN /opt/shian/bin/python -m pip install --quiet --require-hashes --no-deps --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY demo demo
COPY partners partners
COPY shared shared
COPY services services
RUN /opt/shian/bin/python -m pip install --quiet --no-deps --no-build-isolation . \
    && /opt/shian/bin/python -m compileall -q /opt/shian/lib

FROM python:3.13-slim
# A new volume takes the owner of the folder that it is mounted on.
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shian \
    && install --directory --owner=shian --group=shian --mode=0750 /keys /evidence
COPY --from=build /opt/shian /opt/shian
ENV PATH=/opt/shian/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER shian
WORKDIR /
EXPOSE 8000
CMD ["python", "-m", "services.sampling"]
