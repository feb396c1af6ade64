/**
 * The read model over HTTP: read-only, JSON, without authentication, so by default on this machine only.
 * {@link redpacket.sink.http.SinkServer} is the server, and each {@link redpacket.sink.http.SinkServer.Part} brings paths;
 * {@code /openapi.yaml} describes those of {@link redpacket.sink.http.HttpApi}.
 */
package redpacket.sink.http;
