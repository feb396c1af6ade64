/** Client library: reads what the pipeline committed. The twin of {@code redpacket.producer}. */
package redpacket.reader;
