# The command line that ships: topology, sink, topics, audit and the other commands. It contains no broker.
# docker build -t redpacket . && docker run --rm redpacket --help

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
RUN mvn -B -ntp -pl application -am -Dmaven.test.skip=true package

# Not Alpine: the native code of RocksDB and Netty is built for glibc.
FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --home-dir /var/lib/redpacket --create-home redpacket
COPY --from=build /source/application/target/redpacket /opt/redpacket
WORKDIR /opt/redpacket
USER 10001
# If the state directory survives a restart, the restart takes seconds. Each container needs its own.
ENV REDPACKET_STATE_DIR=/var/lib/redpacket
VOLUME /var/lib/redpacket
# Java is process 1, so it receives SIGTERM.
ENTRYPOINT ["java", "@java.options"]
CMD ["--help"]
