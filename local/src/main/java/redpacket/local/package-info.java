/** Everything on one machine: the demo, and what breaks it. */
package redpacket.local;
