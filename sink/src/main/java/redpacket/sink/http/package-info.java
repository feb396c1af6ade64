/**
 * The read model over HTTP, as read-only JSON. There is no authentication, so by default the server listens on
 * 127.0.0.1 only. {@code /openapi.yaml} describes the paths of {@link redpacket.sink.http.HttpApi}.
 */
package redpacket.sink.http;
