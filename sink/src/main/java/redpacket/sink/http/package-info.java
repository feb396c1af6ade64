/**
 * The read model over HTTP: read-only, JSON, without authentication, so by default on this machine only.
 * {@code /openapi.yaml} describes the paths of {@link redpacket.sink.http.HttpApi}.
 */
package redpacket.sink.http;
