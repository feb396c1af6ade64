/** Commands that run the whole pipeline on one machine: {@code demo}, and {@code chaos}, which breaks parts of it. */
package redpacket.local;
