/**
 * Delivers awards and closing events to a URL: each at least once, signed, in order per packet. {@link
 * redpacket.gateway.webhooks.Webhooks} reads the topics, {@link redpacket.gateway.webhooks.Lane} holds the events of
 * one partition until the receiver has them.
 */
package redpacket.gateway.webhooks;
