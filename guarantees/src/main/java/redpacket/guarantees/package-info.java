/** What is promised. */
package redpacket.guarantees;
