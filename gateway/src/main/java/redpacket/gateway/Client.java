package redpacket.gateway;

import java.util.Set;

/**
 * Who sends a request.
 *
 * @param name for messages
 */
record Client(String name, Set<Role> roles, RateLimit limit) {}
