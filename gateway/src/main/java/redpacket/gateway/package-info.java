/**
 * HTTP for clients that open packets, grab, and wait for the answers. {@code /openapi.yaml} describes the paths of
 * {@link redpacket.gateway.GatewayApi}.
 */
package redpacket.gateway;
