/** The wire contract: what is on each topic, and how it is written as JSON. */
package redpacket.events;
