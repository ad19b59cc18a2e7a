# An image of genlock from its Debian package:
#   packaging/build-deb && docker build -t genlock:0.2.0 .
#   docker run --rm -v "$PWD/clips:/media:ro" genlock:0.2.0 scan /media
# docs/operation.md has more. BASE may be any image of Debian 12; podman and buildah need --format docker for HEALTHCHECK.
ARG BASE=debian:12-slim
FROM ${BASE}
RUN --mount=type=bind,source=dist,target=/dist \
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /dist/genlock_*.deb libcurl4 libzstd1 liblz4-1 libhdf5-103-1 ca-certificates \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log \
    && groupadd --gid 10001 genlock \
    && useradd --uid 10001 --gid genlock --create-home genlock
USER 10001:10001
WORKDIR /home/genlock
HEALTHCHECK --interval=5m --timeout=30s CMD ["genlock", "doctor", "--needed"]
ENTRYPOINT ["genlock"]
CMD ["--help"]
