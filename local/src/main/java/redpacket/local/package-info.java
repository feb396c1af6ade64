/** Commands that run the whole pipeline on one machine: {@code demo}, and {@code chaos}, which injects faults. */
package redpacket.local;
