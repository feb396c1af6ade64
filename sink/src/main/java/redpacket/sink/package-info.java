/** Reads what the pipeline committed. */
package redpacket.sink;
