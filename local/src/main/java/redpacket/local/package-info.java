/** Everything on one machine: the command line and the demo. */
package redpacket.local;
